using System.Text.Json.Nodes;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>infra-bicep, compiled once for all tests, with the deployments that several choices of parameters lead to.</summary>
public sealed class CompiledInfrastructure : IAsyncLifetime
{
    public const string Collection = "infrastructure";

    public static string Folder { get; } = Repository.PathOf("infra-bicep");

    public static string SampleParameters { get; } = Path.Combine(Folder, "main.sample.bicepparam");

    /// <summary>What README has a person set before azd up.</summary>
    public static IReadOnlyDictionary<string, string> AzdEnvironment { get; } = new Dictionary<string, string>
    {
        ["AZURE_ENV_NAME"] = "azd",
        ["AZURE_LOCATION"] = "westeurope",
        ["MTLS_TOKEN_ISSUER"] = "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0",
        ["MTLS_TOKEN_AUDIENCES"] = "00000000-0000-0000-0000-000000000004",
    };

    private static readonly string Variants = Repository.PathOf("tests", "MtlsFunctions.Tests", "Infrastructure", "Variants");

    public static IReadOnlyList<string> Files { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.bicep*", SearchOption.AllDirectories).Where(path => Path.GetExtension(path) is ".bicep" or ".bicepparam").Order()];

    public IReadOnlyList<BicepDiagnostic> Diagnostics { get; private set; } = [];

    /// <summary>Files that the compiler would lay out otherwise.</summary>
    public IReadOnlyList<string> Unformatted { get; private set; } = [];

    public ArmTemplate Template { get; private set; } = null!;

    public string SampleSnapshot { get; private set; } = "";

    /// <summary>Deployments by the name of the parameter file: the sample, what azd deploys, and the variants beside this class.</summary>
    public IReadOnlyDictionary<string, Deployment> Deployments { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await using var compiler = BicepCompiler.Start(AzdEnvironment);
        var compilations = new List<BicepCompilation> { await compiler.CompileAsync(Path.Combine(Folder, "main.bicep")) };
        Template = new ArmTemplate(JsonNode.Parse(compilations[0].Contents ?? "{}")!.AsObject());
        foreach (var parameters in Files.Where(path => path.EndsWith(".bicepparam", StringComparison.Ordinal)))
            compilations.Add(await compiler.CompileParametersAsync(parameters));
        Diagnostics = [.. compilations.SelectMany(compilation => compilation.Diagnostics)];
        if (compilations.Any(compilation => !compilation.Success))
            throw new InvalidOperationException("infra-bicep doesn't compile:\n" + string.Join('\n', Diagnostics));

        var unformatted = new List<string>();
        foreach (var file in Files)
        {
            if (await compiler.FormatAsync(file) != await File.ReadAllTextAsync(file))
                unformatted.Add(file);
        }

        Unformatted = unformatted;

        SampleSnapshot = await compiler.SnapshotAsync(SampleParameters);
        var deployments = new Dictionary<string, Deployment>
        {
            ["sample"] = Deployment.Read(SampleSnapshot),
            ["azd"] = Deployment.Read(await compiler.SnapshotAsync(Path.Combine(Folder, "main.bicepparam"))),
        };
        foreach (var variant in Directory.EnumerateFiles(Variants, "*.bicepparam"))
            deployments[Path.GetFileNameWithoutExtension(variant)] = Deployment.Read(await compiler.SnapshotAsync(variant));
        Deployments = deployments;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

[CollectionDefinition(CompiledInfrastructure.Collection)]
public sealed class CompiledInfrastructureCollection : ICollectionFixture<CompiledInfrastructure>;
