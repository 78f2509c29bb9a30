using System.Xml.Linq;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>What is deployed: one small program, compiled ahead, with the composition that LocalHost has too.</summary>
public sealed class ProgramTests
{
    private const int MaxLines = 45;

    private static readonly string Program = Repository.PathOf("src", "MtlsFunctions", "Program.cs");

    [Theory]
    [InlineData(nameof(Gateway.AddMtlsGateway))]
    [InlineData(nameof(TelemetryExport.AddMtlsTelemetry))]
    public void Both_hosts_call_the_same_composition(string call)
    {
        Assert.Contains(call, File.ReadAllText(Program), StringComparison.Ordinal);
        Assert.Contains(call, File.ReadAllText(Repository.PathOf("src", "MtlsFunctions.LocalHost", "GatewayServer.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public void It_stays_small() => Assert.InRange(File.ReadAllLines(Program).Length, 1, MaxLines);

    [Fact]
    public void No_source_of_the_product_is_compiled_twice() => Assert.DoesNotContain(
        Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories),
        project => XDocument.Load(project).Descendants("Compile").Any(compile => compile.Attribute("Include") is not null));

    [Fact]
    public void Nothing_reports_requests_that_the_host_reports_already() => Assert.DoesNotContain(
        XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion").Select(element => element.Attribute("Include")!.Value),
        package => package.Contains("Instrumentation", StringComparison.Ordinal) || package.Contains("ApplicationInsights", StringComparison.Ordinal));

    [Theory]
    [InlineData("PublishReadyToRun", "true")]
    [InlineData("RuntimeIdentifier", "linux-x64")]
    [InlineData("SelfContained", "false")]
    public void What_is_deployed_is_compiled_ahead(string property, string value) => Assert.Equal(
        value, Assert.Single(XDocument.Load(Repository.PathOf("src", "MtlsFunctions", "MtlsFunctions.csproj")).Descendants(property)).Value);
}
