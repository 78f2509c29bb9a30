using System.Text.RegularExpressions;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>The template as whoever deploys it meets it: with the Bicep that their azd brought, and with the variables that they set.</summary>
public sealed partial class OlderToolsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bicep-");

    [Fact]
    public async Task The_oldest_compiler_that_can_be_had_compiles_it_too()
    {
        await using var compiler = BicepCompiler.Start(CompiledInfrastructure.AzdEnvironment, oldest: true);

        var compiled = await compiler.CompileAsync(Path.Combine(CompiledInfrastructure.Folder, "main.bicep"));

        Assert.True(compiled.Success, string.Join('\n', compiled.Diagnostics));
        Assert.True((await compiler.CompileParametersAsync(Path.Combine(CompiledInfrastructure.Folder, "main.bicepparam"))).Success);
    }

    [Fact]
    public async Task A_version_of_an_API_that_a_compiler_does_not_know_yet_is_no_error()
    {
        Copy(text => VersionOfThisYear().Replace(text, "@2999-"));
        await using var compiler = BicepCompiler.Start(CompiledInfrastructure.AzdEnvironment);

        var compiled = await compiler.CompileAsync(Path.Combine(folder.FullName, "main.bicep"));

        Assert.Contains(compiled.Diagnostics, found => found.Message.Contains("2999-", StringComparison.Ordinal));
        Assert.All(compiled.Diagnostics, found => Assert.NotEqual("Error", found.Level));
        Assert.True(compiled.Success);
    }

    [Fact]
    public void An_azd_whose_compiler_would_be_too_old_says_so_itself() =>
        Assert.Matches(RequiredAzd(), File.ReadAllText(Repository.PathOf("azure.yaml")));

    [Fact]
    public async Task An_issuer_without_audiences_is_refused_before_anything_is_made()
    {
        var environment = CompiledInfrastructure.AzdEnvironment.Where(variable => variable.Key != "MTLS_TOKEN_AUDIENCES").ToDictionary();
        var parameters = Path.Combine(CompiledInfrastructure.Folder, "main.bicepparam");

        await using (var compiler = BicepCompiler.Start(environment))
        {
            var refused = await compiler.CompileParametersAsync(parameters);
            Assert.False(refused.Success);
            Assert.Contains(refused.Diagnostics, found => found.Message.Contains("MTLS_TOKEN_AUDIENCES", StringComparison.Ordinal));
        }

        environment["MTLS_ACCOUNT_CLAIM"] = "aud";
        await using (var compiler = BicepCompiler.Start(environment))
            Assert.True((await compiler.CompileParametersAsync(parameters)).Success);
    }

    [Fact]
    public async Task Whatever_parameters_say_the_template_refuses_it_too()
    {
        Copy(text => text.Replace("audiences: ['api://mtlsfunctions']", "audiences: []", StringComparison.Ordinal));
        await using var compiler = BicepCompiler.Start(CompiledInfrastructure.AzdEnvironment);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => compiler.SnapshotAsync(Path.Combine(folder.FullName, "main.sample.bicepparam")));

        Assert.Contains("The token issuer entra needs audiences", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_region_without_zones_gets_the_storage_that_it_has()
    {
        var environment = new Dictionary<string, string>(CompiledInfrastructure.AzdEnvironment) { ["MTLS_STORAGE_SKU"] = "Standard_LRS" };
        await using var compiler = BicepCompiler.Start(environment);

        var deployment = Deployment.Read(await compiler.SnapshotAsync(Path.Combine(CompiledInfrastructure.Folder, "main.bicepparam")));

        Assert.Equal("Standard_LRS", (string?)Assert.Single(deployment.Of("Microsoft.Storage/storageAccounts"))["sku"]!["name"]);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private void Copy(Func<string, string> change)
    {
        foreach (var file in Directory.EnumerateFiles(CompiledInfrastructure.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder.FullName, Path.GetRelativePath(CompiledInfrastructure.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, change(File.ReadAllText(file)));
        }
    }

    [GeneratedRegex("@2026-")]
    private static partial Regex VersionOfThisYear();

    [GeneratedRegex(@"\nrequiredVersions:\n  azd: '>= 1\.29\.0'\n")]
    private static partial Regex RequiredAzd();
}
