using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>
/// The one file that only the Functions host compiles. Here it is compiled against everything that it takes from this repository,
/// and against the few members of the worker packages that it calls, declared as those packages publish them.
/// </summary>
public sealed class ProgramTests
{
    private const int MaxLines = 45;

    private const string WorkerPackages = """
        namespace Microsoft.Azure.Functions.Worker.Builder
        {
            public class FunctionsApplication
            {
                public static FunctionsApplicationBuilder CreateBuilder(string[] args) => throw new System.NotSupportedException();
            }

            public class FunctionsApplicationBuilder
            {
                public Microsoft.Extensions.Configuration.ConfigurationManager Configuration => throw new System.NotSupportedException();
                public Microsoft.Extensions.DependencyInjection.IServiceCollection Services => throw new System.NotSupportedException();
                public Microsoft.Extensions.Hosting.IHost Build() => throw new System.NotSupportedException();
            }

            public static class FunctionsApplicationBuilderAspNetCoreExtensions
            {
                public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder) => builder;
            }
        }

        namespace Microsoft.Azure.Functions.Worker.OpenTelemetry
        {
            public static class ConfigureFunctionsOpenTelemetry
            {
                public static global::OpenTelemetry.IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this global::OpenTelemetry.IOpenTelemetryBuilder builder) => builder;
            }
        }
        """;

    private static readonly string Program = Repository.PathOf("src", "MtlsFunctions", "Program.cs");

    [Fact]
    public void It_compiles() => Assert.Empty(Diagnose(File.ReadAllText(Program)));

    [Theory]
    [InlineData("AddMtlsGateway", "AddMtlsGatevay")]
    [InlineData("?.UseFunctionsWorkerDefaults()", ".UseFunctionsWorkerDefaults(1)")]
    public void What_does_not_exist_is_found(string right, string wrong) =>
        Assert.NotEmpty(Diagnose(File.ReadAllText(Program).Replace(right, wrong, StringComparison.Ordinal)));

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
    public void Every_package_of_the_functions_app_has_a_version()
    {
        var versions = XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion").Select(IncludeOf).ToArray();
        var used = new[] { "MtlsFunctions.csproj", "Product.props" }
            .SelectMany(file => XDocument.Load(Repository.PathOf("src", "MtlsFunctions", file)).Descendants("PackageReference"))
            .Select(IncludeOf);

        Assert.Empty(used.Except(versions));
    }

    [Fact]
    public void Nothing_reports_requests_that_the_host_reports_already() => Assert.DoesNotContain(
        XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion").Select(IncludeOf),
        package => package.Contains("Instrumentation", StringComparison.Ordinal) || package.Contains("ApplicationInsights", StringComparison.Ordinal));

    [Theory]
    [InlineData("PublishReadyToRun", "true")]
    [InlineData("RuntimeIdentifier", "linux-x64")]
    [InlineData("SelfContained", "false")]
    public void What_is_deployed_is_compiled_ahead(string property, string value) => Assert.Equal(
        value, Assert.Single(XDocument.Load(Repository.PathOf("src", "MtlsFunctions", "MtlsFunctions.csproj")).Descendants(property)).Value);

    private static string IncludeOf(XElement element) => element.Attribute("Include")!.Value;

    private static IEnumerable<Diagnostic> Diagnose(string program)
    {
        var parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);
        // As <ImplicitUsings> and Product.props have them.
        string[] imported =
        [
            "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
            .. XDocument.Load(Repository.PathOf("src", "MtlsFunctions", "Product.props")).Descendants("Using").Select(IncludeOf),
        ];
        var usings = string.Concat(imported.Select(name => $"global using {name};\n"));
        var assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

        return CSharpCompilation.Create(
                "MtlsFunctions.Program",
                [.. new[] { program, usings, WorkerPackages }.Select(source => CSharpSyntaxTree.ParseText(source, parsing))],
                assemblies.Select(assembly => MetadataReference.CreateFromFile(assembly)),
                new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable))
            .GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(found => found.Severity >= DiagnosticSeverity.Warning);
    }
}
