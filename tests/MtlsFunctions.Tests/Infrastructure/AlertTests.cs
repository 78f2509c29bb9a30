using System.Text.Json.Nodes;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>What wakes somebody up, and that it looks for what the product says.</summary>
[Collection(CompiledInfrastructure.Collection)]
public sealed class AlertTests(CompiledInfrastructure infrastructure)
{
    private const string LogAlert = "Microsoft.Insights/scheduledQueryRules";
    private const string MetricAlert = "Microsoft.Insights/metricAlerts";

    [Fact]
    public void A_certificate_that_expires_is_told_30_days_before_and_7_days_before()
    {
        var rules = Rules("certificate-expires").ToArray();

        Assert.Equal([7, 30], rules.Select(rule => (int)rule["threshold"]!).Order());
        Assert.All(rules, rule =>
        {
            Assert.All([Telemetry.DaysToExpiry, Telemetry.Account, Telemetry.Certificate], name =>
                Assert.Contains($"\"{name}\"", (string?)rule["query"], StringComparison.Ordinal));
            Assert.Equal("LessThan", (string?)rule["operator"]);
            // One alert a certificate, not one for all.
            Assert.Equal(["Account", "Certificate"], rule["dimensions"]!.AsArray().Select(dimension => (string?)dimension!["name"]).Order());
        });
    }

    [Theory]
    [InlineData("remote-unreachable", "424")]
    [InlineData("server-errors", "5")]
    public void A_share_of_answers_is_looked_at_and_not_a_single_one(string name, string status)
    {
        var rule = Assert.Single(Rules(name));

        Assert.Contains($"startswith \"{status}\"", (string?)rule["query"], StringComparison.Ordinal);
        Assert.Contains("Total >= 50", (string?)rule["query"], StringComparison.Ordinal);
        Assert.InRange((int)rule["threshold"]!, 1, 100);
    }

    [Fact]
    public void A_vault_that_throttles_is_told_where_the_vault_is_ours()
    {
        var alert = Assert.Single(infrastructure.Deployments["sample"].Of(MetricAlert))["properties"]!;
        var criterion = Assert.Single(alert["criteria"]!["allOf"]!.AsArray())!;

        Assert.Equal("ServiceApiResult", (string?)criterion["metricName"]);
        Assert.Equal(["429"], criterion["dimensions"]![0]!["values"]!.AsArray().Select(value => (string?)value));
    }

    [Fact]
    public void Whoever_is_named_is_told_of_everything()
    {
        var deployment = infrastructure.Deployments["sample"];
        var receivers = Assert.Single(deployment.Of("Microsoft.Insights/actionGroups"));

        Assert.Equal("operators@example.com", (string?)Assert.Single(receivers["properties"]!["emailReceivers"]!.AsArray())!["emailAddress"]);
        Assert.All(deployment.Of(LogAlert), alert =>
            Assert.Equal((string?)receivers["id"], (string?)Assert.Single(alert["properties"]!["actions"]!["actionGroups"]!.AsArray())));
        Assert.Equal((string?)receivers["id"], (string?)Assert.Single(deployment.Of(MetricAlert))["properties"]!["actions"]![0]!["actionGroupId"]);
        Assert.Empty(infrastructure.Deployments["azd"].Of("Microsoft.Insights/actionGroups"));
    }

    private IEnumerable<JsonNode> Rules(string name) => infrastructure.Deployments["sample"].Of(LogAlert)
        .Where(alert => ((string)alert["name"]!).Contains(name, StringComparison.Ordinal))
        .Select(alert => Assert.Single(alert["properties"]!["criteria"]!["allOf"]!.AsArray())!);
}
