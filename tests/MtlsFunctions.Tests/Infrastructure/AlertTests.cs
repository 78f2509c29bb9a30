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
            // The least of all of them: a series for each would be lost beyond the 2,000 that OpenTelemetry keeps.
            Assert.Contains($"\"{Telemetry.DaysToExpiry}\" | summarize Days = min(Min)", (string?)rule["query"], StringComparison.Ordinal);
            Assert.Equal("LessThan", (string?)rule["operator"]);
            Assert.Null(rule["dimensions"]);
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
        var criterion = Metric("vault-throttles");

        Assert.Equal("ServiceApiResult", (string?)criterion["metricName"]);
        Assert.Equal(["429"], criterion["dimensions"]![0]!["values"]!.AsArray().Select(value => (string?)value));
    }

    [Fact]
    public void A_table_that_refuses_or_fails_calls_is_told()
    {
        var criterion = Metric("table-fails");

        Assert.Equal("Transactions", (string?)criterion["metricName"]);
        Assert.Equal(
            ["AuthorizationError", "ServerBusyError", "ServerOtherError", "ServerTimeoutError"],
            criterion["dimensions"]![0]!["values"]!.AsArray().Select(value => (string?)value));
    }

    [Fact]
    public void As_many_instances_as_may_run_are_told()
    {
        var rule = Assert.Single(Rules("instance-limit"));
        var scale = infrastructure.Deployments["sample"].App["properties"]!["functionAppConfig"]!["scaleAndConcurrency"]!;

        Assert.Equal(((int)scale["maximumInstanceCount"]!, "GreaterThanOrEqual"), ((int)rule["threshold"]!, (string?)rule["operator"]));
        Assert.Contains("dcount(AppRoleInstance)", (string?)rule["query"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("remote-unreachable")]
    [InlineData("server-errors")]
    public void The_hosts_pings_of_itself_are_no_requests(string name) =>
        Assert.Contains("Route !has \"admin\" and Route !has \"health\"", (string?)Assert.Single(Rules(name))["query"], StringComparison.Ordinal);

    [Theory]
    [InlineData("azd", 1)]
    [InlineData("front-door", 1)]
    [InlineData("reverse-proxy", 0)]
    public void Whether_it_is_ready_is_asked_from_outside_wherever_it_can_be(string deployment, int tests)
    {
        var found = infrastructure.Deployments[deployment].Of("Microsoft.Insights/webtests");

        Assert.Equal(tests, found.Length);
        Assert.All(found, test => Assert.Contains("/health/ready", (string?)test["properties"]!["Request"]!["RequestUrl"], StringComparison.Ordinal));
        Assert.Equal(tests, infrastructure.Deployments[deployment].Of(MetricAlert).Count(alert => ((string)alert["name"]!).EndsWith("-ready-fails", StringComparison.Ordinal)));
    }

    [Fact]
    public void Whoever_is_named_is_told_of_everything()
    {
        var deployment = infrastructure.Deployments["sample"];
        var receivers = Assert.Single(deployment.Of("Microsoft.Insights/actionGroups"));

        Assert.Equal("operators@example.com", (string?)Assert.Single(receivers["properties"]!["emailReceivers"]!.AsArray())!["emailAddress"]);
        Assert.All(deployment.Of(LogAlert), alert =>
            Assert.Equal((string?)receivers["id"], (string?)Assert.Single(alert["properties"]!["actions"]!["actionGroups"]!.AsArray())));
        Assert.Equal(3, deployment.Of(MetricAlert).Length);
        // By name, or by what the module with that name has put out.
        Assert.All(deployment.Of(MetricAlert), alert =>
        {
            var told = alert["properties"]!["actions"]!.ToJsonString();
            Assert.True(told.Contains((string)receivers["name"]!, StringComparison.Ordinal) || told.Contains("outputs.actionGroupId", StringComparison.Ordinal), told);
        });
        Assert.Empty(infrastructure.Deployments["azd"].Of("Microsoft.Insights/actionGroups"));
    }

    private JsonNode Metric(string name)
    {
        var alert = Assert.Single(infrastructure.Deployments["sample"].Of(MetricAlert), found => ((string)found["name"]!).EndsWith(name, StringComparison.Ordinal));
        return Assert.Single(alert["properties"]!["criteria"]!["allOf"]!.AsArray())!;
    }

    private IEnumerable<JsonNode> Rules(string name) => infrastructure.Deployments["sample"].Of(LogAlert)
        .Where(alert => ((string)alert["name"]!).Contains(name, StringComparison.Ordinal))
        .Select(alert => Assert.Single(alert["properties"]!["criteria"]!["allOf"]!.AsArray())!);
}
