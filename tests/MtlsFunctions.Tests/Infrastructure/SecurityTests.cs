using System.Text.Json.Nodes;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>What no parameter can switch off (read from the template) and what the choices of parameters lead to (read from deployments).</summary>
[Collection(CompiledInfrastructure.Collection)]
public sealed class SecurityTests(CompiledInfrastructure infrastructure)
{
    public static TheoryData<string, string, string> Always => new()
    {
        { "Microsoft.Storage/storageAccounts", "allowSharedKeyAccess", "false" },
        { "Microsoft.Storage/storageAccounts", "allowBlobPublicAccess", "false" },
        { "Microsoft.Storage/storageAccounts", "allowCrossTenantReplication", "false" },
        { "Microsoft.Storage/storageAccounts", "minimumTlsVersion", "\"TLS1_2\"" },
        { "Microsoft.Storage/storageAccounts", "supportsHttpsTrafficOnly", "true" },
        { "Microsoft.Storage/storageAccounts/blobServices/containers", "publicAccess", "\"None\"" },
        { "Microsoft.KeyVault/vaults", "enableRbacAuthorization", "true" },
        { "Microsoft.KeyVault/vaults", "enableSoftDelete", "true" },
        { "Microsoft.KeyVault/vaults", "enablePurgeProtection", "true" },
        { "Microsoft.OperationalInsights/workspaces", "features.disableLocalAuth", "true" },
        { "Microsoft.Insights/components", "DisableLocalAuth", "true" },
        { "Microsoft.Web/sites", "httpsOnly", "true" },
        { "Microsoft.Web/sites", "siteConfig.minTlsVersion", "\"1.2\"" },
        { "Microsoft.Web/sites", "siteConfig.scmMinTlsVersion", "\"1.2\"" },
        { "Microsoft.Web/sites", "siteConfig.remoteDebuggingEnabled", "false" },
        { "Microsoft.Web/sites", "functionAppConfig.deployment.storage.authentication.type", "\"UserAssignedIdentity\"" },
        { "Microsoft.Web/sites", "functionAppConfig.runtime.name", "\"dotnet-isolated\"" },
        { "Microsoft.Web/sites", "functionAppConfig.runtime.version", "\"10.0\"" },
        { "Microsoft.Web/sites/basicPublishingCredentialsPolicies", "allow", "false" },
    };

    [Theory]
    [MemberData(nameof(Always))]
    public void No_parameter_changes_this(string type, string property, string literal)
    {
        var resources = infrastructure.Template.Of(type);

        Assert.NotEmpty(resources);
        Assert.All(resources, resource => Assert.Equal(literal, At(resource["properties"]!, property)?.ToJsonString()));
    }

    [Fact]
    public void The_app_is_its_identity_and_nothing_else() =>
        Assert.Equal("UserAssigned", (string?)Assert.Single(infrastructure.Template.Of("Microsoft.Web/sites"))["identity"]!["type"]);

    [Fact]
    public void Both_ways_to_deploy_with_a_password_are_shut() => Assert.Equal(
        ["ftp", "scm"],
        infrastructure.Deployments["azd"].Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Select(policy => ((string)policy["name"]!).Split('/')[1]).Order());

    [Theory]
    [InlineData("sample", "Disabled", "Deny")]
    [InlineData("azd", "Enabled", "Allow")]
    public void With_the_network_storage_and_vault_are_private(string deployment, string access, string otherwise) => Assert.All(
        ["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"],
        type =>
        {
            var properties = Assert.Single(infrastructure.Deployments[deployment].Of(type))["properties"]!;
            Assert.Equal(access, (string?)properties["publicNetworkAccess"]);
            Assert.Equal(otherwise, (string?)properties["networkAcls"]!["defaultAction"]);
            Assert.Equal("None", (string?)properties["networkAcls"]!["bypass"]);
        });

    [Fact]
    public void With_the_network_every_service_has_a_private_address_and_its_name_leads_there()
    {
        var deployment = infrastructure.Deployments["sample"];

        Assert.Equal(
            ["blob", "table", "vault"],
            deployment.Of("Microsoft.Network/privateEndpoints").Select(ServiceOf).Order());
        Assert.All(["privatelink.blob.", "privatelink.table.", ".vaultcore."], zone =>
            Assert.Single(deployment.Of("Microsoft.Network/privateDnsZones"), made => ((string)made["name"]!).Contains(zone, StringComparison.Ordinal)));
        Assert.Equal(3, deployment.Of("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Length);
        Assert.Equal(3, deployment.Of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Length);
    }

    [Fact]
    public void With_the_network_all_calls_leave_through_one_static_address()
    {
        var deployment = infrastructure.Deployments["sample"];
        var subnets = Assert.Single(deployment.Of("Microsoft.Network/virtualNetworks"))["properties"]!["subnets"]!.AsArray();
        var app = subnets.Single(subnet => (string?)subnet!["name"] == "app")!["properties"]!;

        Assert.Equal("Static", (string?)Assert.Single(deployment.Of("Microsoft.Network/publicIPAddresses"))["properties"]!["publicIPAllocationMethod"]);
        Assert.Equal((string?)Assert.Single(deployment.Of("Microsoft.Network/natGateways"))["id"], (string?)app["natGateway"]!["id"]);
        Assert.All(subnets, subnet => Assert.False((bool)subnet!["properties"]!["defaultOutboundAccess"]!));
        Assert.NotNull(deployment.App["properties"]!["virtualNetworkSubnetId"]);
    }

    [Fact]
    public void Without_the_network_there_is_none() =>
        Assert.DoesNotContain(infrastructure.Deployments["azd"].Resources, resource => ((string)resource["type"]!).StartsWith("Microsoft.Network/", StringComparison.Ordinal));

    [Fact]
    public void Behind_Front_Door_only_this_profile_gets_in()
    {
        var site = infrastructure.Deployments["front-door"].App["properties"]!["siteConfig"]!;
        var rule = Assert.Single(site["ipSecurityRestrictions"]!.AsArray())!;

        Assert.Equal("Deny", (string?)site["ipSecurityRestrictionsDefaultAction"]);
        Assert.Equal(("Allow", "ServiceTag", "AzureFrontDoor.Backend"), ((string?)rule["action"], (string?)rule["tag"], (string?)rule["ipAddress"]));
        Assert.Equal(["00000000-0000-0000-0000-00000000fd1d"], rule["headers"]!["x-azure-fdid"]!.AsArray().Select(id => (string?)id));
    }

    [Fact]
    public void Behind_a_reverse_proxy_only_its_addresses_get_in()
    {
        var site = infrastructure.Deployments["reverse-proxy"].App["properties"]!["siteConfig"]!;

        Assert.Equal("Deny", (string?)site["ipSecurityRestrictionsDefaultAction"]);
        Assert.Equal(["192.0.2.10/32", "192.0.2.11/32"], site["ipSecurityRestrictions"]!.AsArray().Select(rule => (string?)rule!["ipAddress"]));
    }

    [Fact]
    public void A_name_of_ones_own_has_a_certificate()
    {
        var deployment = infrastructure.Deployments["front-door"];

        Assert.Equal("SniEnabled", (string?)Assert.Single(deployment.Of("Microsoft.Web/sites/hostNameBindings"))["properties"]!["sslState"]);
        // Of the site itself: Flex Consumption has no others.
        Assert.Equal("origin", (string?)Assert.Single(deployment.Of("Microsoft.Web/sites/certificates"))["properties"]!["keyVaultSecretName"]);
        Assert.True((bool)deployment.App["properties"]!["siteScopedCertificatesEnabled"]!);
        Assert.Empty(deployment.Of("Microsoft.Web/certificates"));
        Assert.Empty(infrastructure.Deployments["sample"].Of("Microsoft.Web/sites/hostNameBindings"));
    }

    [Fact]
    public void Vault_and_storage_tell_the_workspace_what_is_done_to_them() => Assert.Equal(
        ["Microsoft.KeyVault/vaults", "Microsoft.Storage/storageAccounts/blobServices", "Microsoft.Storage/storageAccounts/tableServices", "Microsoft.Web/sites"],
        infrastructure.Deployments["sample"].Of("Microsoft.Insights/diagnosticSettings").Select(Deployment.TargetOf).Order());

    private static string ServiceOf(JsonObject endpoint) =>
        (string)endpoint["properties"]!["privateLinkServiceConnections"]![0]!["properties"]!["groupIds"]![0]!;

    private static JsonNode? At(JsonNode node, string path) => path.Split('.').Aggregate((JsonNode?)node, (found, name) => found?[name]);
}
