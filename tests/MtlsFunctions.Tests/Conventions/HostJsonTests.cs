using System.Text.Json.Nodes;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>host.json says what the Functions host must do and must leave to us.</summary>
public sealed class HostJsonTests
{
    private static readonly JsonNode Host = JsonNode.Parse(File.ReadAllText(Repository.PathOf("host.json")))!;

    private static readonly JsonNode Http = Host["extensions"]!["http"]!;

    [Fact]
    public void Routes_are_ours_to_the_first_letter() => Assert.Equal("", (string?)Http["routePrefix"]);

    [Fact]
    public void Telemetry_is_OpenTelemetry_or_the_host_would_report_everything_twice() =>
        Assert.Equal("OpenTelemetry", (string?)Host["telemetryMode"]);

    [Fact]
    public void Sampling_is_the_exporters_because_the_hosts_own_does_not_count_then() => Assert.Null(Host["logging"]!["applicationInsights"]);

    [Fact]
    public void Https_is_the_platforms_business() => Assert.False((bool)Http["hsts"]!["isEnabled"]!);

    [Fact]
    public void The_host_refuses_nothing_before_our_own_limits_do_but_is_bounded()
    {
        Assert.False((bool)Http["dynamicThrottlesEnabled"]!);
        // The most that the template lets an instance take (httpConcurrency).
        Assert.Equal(1000, (int)Http["maxConcurrentRequests"]!);
        Assert.InRange((int)Http["maxOutstandingRequests"]!, 1000, 10_000);
    }

    [Fact]
    public void It_goes_out_with_the_app() =>
        Assert.Contains("../../host.json", File.ReadAllText(Repository.PathOf("src", "MtlsFunctions", "MtlsFunctions.csproj")), StringComparison.Ordinal);
}
