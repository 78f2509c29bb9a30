using System.Text.Json.Nodes;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>What days of operation need: ways in for operators, ways back, and what a month may cost.</summary>
[Collection(CompiledInfrastructure.Collection)]
public sealed class OperationTests(CompiledInfrastructure infrastructure)
{
    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts")]
    [InlineData("Microsoft.KeyVault/vaults")]
    public void Operators_get_through_the_network_from_their_addresses_and_nobody_else_does(string type)
    {
        var properties = Only("reverse-proxy", type)["properties"]!;

        Assert.Equal(("Enabled", "Deny"), ((string?)properties["publicNetworkAccess"], (string?)properties["networkAcls"]!["defaultAction"]));
        Assert.Equal(
            ["198.51.100.7", "198.51.100.64/28"],
            properties["networkAcls"]!["ipRules"]!.AsArray().Select(rule => (string?)rule!["value"]));
        Assert.Empty(Only("sample", type)["properties"]!["networkAcls"]!["ipRules"]!.AsArray());
    }

    [Fact]
    public void A_restored_vault_or_table_stays_through_the_next_provisioning()
    {
        var restored = infrastructure.Deployments["reverse-proxy"].AppSettings;

        Assert.Equal("https://restored.vault.azure.net/", restored["KeyVault:Uri"]);
        Assert.Equal("https://restored.table.core.windows.net/", restored["Storage:TableServiceUri"]);
    }

    [Fact]
    public async Task What_an_environment_names_reaches_the_app()
    {
        var environment = new Dictionary<string, string>(CompiledInfrastructure.AzdEnvironment)
        {
            ["MTLS_KEY_VAULT_URI"] = "https://mine.vault.azure.net/",
            ["MTLS_TABLE_SERVICE_URI"] = "https://mine.table.core.windows.net/",
            ["MTLS_SETTINGS"] = """{"Storage__TableName":"restored","Forwarding__MaxHandlers":"12000"}""",
            ["MTLS_RECOVER_VAULT"] = "true",
        };
        await using var compiler = BicepCompiler.Start(environment);

        var deployment = Deployment.Read(await compiler.SnapshotAsync(Path.Combine(CompiledInfrastructure.Folder, "main.bicepparam")));

        Assert.Equal("https://mine.vault.azure.net/", deployment.AppSettings["KeyVault:Uri"]);
        Assert.Equal("https://mine.table.core.windows.net/", deployment.AppSettings["Storage:TableServiceUri"]);
        Assert.Equal(("restored", "12000"), (deployment.AppSettings["Storage:TableName"], deployment.AppSettings["Forwarding:MaxHandlers"]));
        Assert.Equal("recover", (string?)Assert.Single(deployment.Of("Microsoft.KeyVault/vaults"))["properties"]!["createMode"]);
    }

    [Theory]
    [InlineData("azd", "default")]
    [InlineData("reverse-proxy", "recover")]
    public void A_deleted_vault_can_be_taken_back(string deployment, string mode) =>
        Assert.Equal(mode, (string?)Only(deployment, "Microsoft.KeyVault/vaults")["properties"]!["createMode"]);

    [Fact]
    public void The_table_is_locked_where_somebody_has_said_so()
    {
        Assert.Equal("CanNotDelete", (string?)Only("reverse-proxy", "Microsoft.Authorization/locks")["properties"]!["level"]);
        Assert.Empty(infrastructure.Deployments["azd"].Of("Microsoft.Authorization/locks"));
    }

    [Theory]
    [InlineData("sample", "StandardV2")]
    [InlineData("reverse-proxy", "Standard")]
    public void The_way_out_spans_zones_where_instances_do(string deployment, string sku) =>
        Assert.All(["Microsoft.Network/natGateways", "Microsoft.Network/publicIPAddresses"], type =>
            Assert.Equal(sku, (string?)Only(deployment, type)["sku"]!["name"]));

    [Fact]
    public void Every_subnet_has_a_security_group() => Assert.All(
        Only("sample", "Microsoft.Network/virtualNetworks")["properties"]!["subnets"]!.AsArray(),
        subnet => Assert.NotNull(subnet!["properties"]!["networkSecurityGroup"]));

    [Theory]
    [InlineData("azd", 10)]
    [InlineData("reverse-proxy", -1)]
    public void Logs_are_kept_for_a_month_and_bounded_by_day(string deployment, int gigabytes)
    {
        var workspace = Only(deployment, "Microsoft.OperationalInsights/workspaces")["properties"]!;

        Assert.Equal((30, gigabytes), ((int)workspace["retentionInDays"]!, (int)workspace["workspaceCapping"]!["dailyQuotaGb"]!));
    }

    [Fact]
    public void What_a_month_may_cost_is_told_to_those_who_get_the_alerts()
    {
        var budget = Only("reverse-proxy", "Microsoft.Consumption/budgets")["properties"]!;

        Assert.Equal((500, "2026-12-01"), ((int)budget["amount"]!, (string?)budget["timePeriod"]!["startDate"]));
        Assert.All(budget["notifications"]!.AsObject(), told =>
            Assert.Equal(["operators@example.com"], told.Value!["contactEmails"]!.AsArray().Select(address => (string?)address)));
        Assert.Empty(infrastructure.Deployments["azd"].Of("Microsoft.Consumption/budgets"));
    }

    private JsonObject Only(string deployment, string type) => Assert.Single(infrastructure.Deployments[deployment].Of(type));
}
