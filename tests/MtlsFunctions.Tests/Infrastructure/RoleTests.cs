using System.Text.Json.Nodes;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>The app may do what it needs, and nothing else.</summary>
[Collection(CompiledInfrastructure.Collection)]
public sealed class RoleTests(CompiledInfrastructure infrastructure)
{
    private const string StorageBlobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string StorageTableDataContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string KeyVaultCertificatesOfficer = "a4417e6f-fecd-4de8-b567-7b0420556985";
    private const string KeyVaultSecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
    private const string MonitoringMetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";

    private static readonly (string Role, string On)[] Always =
    [
        (StorageBlobDataOwner, "Microsoft.Storage/storageAccounts"),
        (StorageTableDataContributor, "Microsoft.Storage/storageAccounts"),
        (MonitoringMetricsPublisher, "Microsoft.Insights/components"),
    ];

    private static readonly (string Role, string On)[] WithKeyVault =
    [
        (KeyVaultCertificatesOfficer, "Microsoft.KeyVault/vaults"),
        (KeyVaultSecretsUser, "Microsoft.KeyVault/vaults"),
    ];

    public static TheoryData<string, bool> Choices => new() { { "sample", true }, { "azd", true }, { "reverse-proxy", true }, { "front-door", false } };

    [Theory]
    [MemberData(nameof(Choices))]
    public void The_app_has_these_roles_on_these_resources_and_no_other(string deployment, bool keyVault) =>
        Assert.Equal(
            (keyVault ? [.. Always, .. WithKeyVault] : Always).Order(),
            infrastructure.Deployments[deployment].RolesOf(assignment => !IsAnOperators(assignment)).Order());

    [Fact]
    public void An_operator_may_copy_and_restore_where_somebody_has_named_one()
    {
        (string, string)[] expected = [(StorageTableDataContributor, "Microsoft.Storage/storageAccounts"), .. WithKeyVault];

        Assert.Equal(expected.Order(), infrastructure.Deployments["reverse-proxy"].RolesOf(IsAnOperators).Order());
        Assert.All(["sample", "azd", "front-door"], deployment => Assert.Empty(infrastructure.Deployments[deployment].RolesOf(IsAnOperators)));
    }

    [Fact]
    public void Every_other_role_is_the_apps_own()
    {
        var assignments = infrastructure.Deployments.Values
            .SelectMany(deployment => deployment.Of("Microsoft.Authorization/roleAssignments")).Where(assignment => !IsAnOperators(assignment));

        Assert.All(assignments, assignment =>
        {
            Assert.Equal("ServicePrincipal", (string?)assignment["properties"]!["principalType"]);
            Assert.Contains(".outputs.principalId.value", (string?)assignment["properties"]!["principalId"], StringComparison.Ordinal);
        });
    }

    private static bool IsAnOperators(JsonObject assignment) =>
        (string?)assignment["properties"]!["principalId"] == "00000000-0000-0000-0000-0000000000aa";
}
