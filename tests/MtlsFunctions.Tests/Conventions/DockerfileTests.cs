using System.Text.RegularExpressions;
using MtlsFunctions.LocalHost;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>The container isn't built here, so that its description still fits is seen from its files.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string Dockerfile = File.ReadAllText(Repository.PathOf("Dockerfile"));

    private static readonly string[] Ignore = File.ReadAllLines(Repository.PathOf(".dockerignore"));

    public static TheoryData<string> Copied =>
        [.. Copy().Matches(Dockerfile).SelectMany(found => found.Groups["paths"].Value.Split(' ')[..^1]).Select(path => path.TrimEnd('/'))];

    [Theory]
    [MemberData(nameof(Copied))]
    public void What_it_copies_is_there_and_is_sent_to_the_builder(string path)
    {
        Assert.True(Path.Exists(Repository.PathOf(path.Split('/'))), path);
        Assert.Contains($"!{path}", Ignore);
    }

    [Fact]
    public void It_copies_whatever_the_build_takes_from_outside_the_sources() => Assert.All(
        Directory.EnumerateFiles(Repository.PathOf("src"), "*.*proj", SearchOption.AllDirectories)
            .SelectMany(path => Outside().Matches(File.ReadAllText(path)).Select(found => found.Groups["path"].Value))
            .Where(path => path != LocalSettings.FileName),
        path => Assert.Contains(path, Copied.Select(row => row.Data)));

    [Theory]
    [InlineData("*")]
    [InlineData("**/bin")]
    [InlineData("**/obj")]
    [InlineData("**/.local")]
    [InlineData("**/local.settings.json")]
    public void Nothing_else_gets_in_and_settings_and_keys_least_of_all(string pattern) => Assert.Contains(pattern, Ignore);

    [Theory]
    [InlineData("SDK_IMAGE", "sdk")]
    [InlineData("RUNTIME_IMAGE", "aspnet")]
    public void It_is_built_without_knowing_an_image(string argument, string image) =>
        Assert.Contains($"\nARG {argument}=mcr.microsoft.com/dotnet/{image}:{Environment.Version.ToString(2)}\n", Dockerfile, StringComparison.Ordinal);

    [Fact]
    public void It_does_not_run_as_root() => Assert.Contains("\nUSER $APP_UID\n", Dockerfile, StringComparison.Ordinal);

    [Fact]
    public void It_starts_what_the_build_makes() => Assert.Contains($"\"{typeof(GatewayServer).Assembly.GetName().Name}.dll\"", Dockerfile, StringComparison.Ordinal);

    [GeneratedRegex(@"^COPY (?!--)(?<paths>.+)$", RegexOptions.Multiline)]
    private static partial Regex Copy();

    [GeneratedRegex("\"\\.\\./\\.\\./(?<path>[^\"*]+)\"")]
    private static partial Regex Outside();
}
