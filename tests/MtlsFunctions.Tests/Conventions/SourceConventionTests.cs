using System.Text.RegularExpressions;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>Rules of the house that only the sources show.</summary>
public sealed partial class SourceConventionTests
{
    private const int MaxLines = 250;

    /// <summary>From the folder that may use all to the right of it, to the one that uses none of them.</summary>
    private static readonly string[] Chain = ["Forwarding", "Mappings", "Certificates", "CertificateVaults"];

    private static readonly SourceFile[] Sources = Below("src");

    public static TheoryData<string, string[]> Forbidden => new()
    {
        { "Forwarding", [] },
        { "Mappings", ["Forwarding"] },
        { "Certificates", ["Forwarding", "Mappings"] },
        { "CertificateVaults", ["Forwarding", "Mappings", "Certificates"] },
        { "Storage", Chain },
        { "Authorization", [.. Chain, "Storage"] },
    };

    public static TheoryData<string> OptionsFiles =>
        [.. Sources.Where(source => source.Lines.Any(line => SectionConstant().IsMatch(line))).Select(source => source.Name)];

    [Theory]
    [InlineData("MtlsFunctions/Gateway.cs")]
    [InlineData("MtlsFunctions/Forwarding/Forward.cs")]
    [InlineData("MtlsFunctions/Certificates/Pkcs12/Pkcs12File.cs")]
    [InlineData("MtlsFunctions.LocalHost/Program.cs")]
    public void The_sources_are_found(string name) => Assert.Contains(name, Sources.Select(source => source.Name));

    [Fact]
    public void No_file_is_longer_than_250_lines() =>
        Assert.Empty(Sources.Concat(Below("tests")).Where(source => source.Lines.Length > MaxLines).Select(source => $"{source.Name}: {source.Lines.Length}"));

    [Fact]
    public void Only_authorization_makes_account_ids() => Assert.All(
        Sources.Where(source => source.Text.Contains("FromCredential", StringComparison.Ordinal)),
        source => Assert.StartsWith("MtlsFunctions/Authorization/", source.Name, StringComparison.Ordinal));

    [Fact]
    public void Only_the_copy_of_a_vault_takes_account_ids_from_rows() => Assert.All(
        Sources.Where(source => source.Text.Contains("FromStored", StringComparison.Ordinal)),
        source => Assert.Matches("^(MtlsFunctions/Authorization/AccountId|MtlsFunctions.LocalHost/CopyVault/)", source.Name));

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void Folders_depend_one_way(string folder, string[] forbidden)
    {
        var files = Sources.Where(source => source.Name.StartsWith($"MtlsFunctions/{folder}/", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(file => file.Uses().Intersect(forbidden).Select(used => $"{file.Name} uses {used}")));
    }

    [Fact]
    public void The_product_does_not_know_LocalHost_nor_the_functions_context() => Assert.Empty(
        Sources.Where(source => source.Name.StartsWith("MtlsFunctions/", StringComparison.Ordinal))
            .Where(source => source.Text.Contains("LocalHost;", StringComparison.Ordinal) || FunctionsHost().IsMatch(source.Text))
            .Select(source => source.Name));

    [Theory]
    [MemberData(nameof(OptionsFiles))]
    public void Every_setting_says_what_it_means(string file)
    {
        var lines = Sources.Single(source => source.Name == file).Lines;
        var properties = Enumerable.Range(0, lines.Length).Where(at => PublicProperty().IsMatch(lines[at])).ToArray();

        Assert.NotEmpty(properties);
        Assert.Empty(properties.Where(at => !IsExplained(lines, at)).Select(at => $"{file}:{at + 1}: {lines[at].Trim()}"));
    }

    [Fact]
    public void Every_options_class_is_among_them() => Assert.Empty(Sources
        .Select(source => source.Name)
        .Where(name => name.EndsWith("Options.cs", StringComparison.Ordinal) || name.EndsWith("/GatewayLimits.cs", StringComparison.Ordinal))
        .Except(OptionsFiles.Select(row => row.Data)));

    // Attributes may stand between.
    private static bool IsExplained(string[] lines, int at)
    {
        do
            at--;
        while (lines[at].TrimStart().StartsWith('['));
        return lines[at].TrimStart().StartsWith("///", StringComparison.Ordinal);
    }

    private static SourceFile[] Below(string folder) =>
    [
        .. from path in Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
           let name = Path.GetRelativePath(Repository.PathOf(folder), path).Replace('\\', '/')
           where !name.Split('/').Any(part => part is "bin" or "obj")
           orderby name
           select new SourceFile(name, File.ReadAllLines(path)),
    ];

    [GeneratedRegex(@"^\s*public const string Section\b")]
    private static partial Regex SectionConstant();

    [GeneratedRegex(@"^\s*public (?!const\b|static\b)[^(=]*\b\w+ (\{ get;|=>)")]
    private static partial Regex PublicProperty();

    [GeneratedRegex(@"\bFunctionContext\b|\bIFunctionsWorkerMiddleware\b|\bHttpRequestData\b")]
    private static partial Regex FunctionsHost();

    [GeneratedRegex(@"^\s*(global )?using (static )?(\w+ = )?MtlsFunctions\.(?<folder>\w+)")]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"(?<![\w.])(MtlsFunctions\.)?(?<folder>Authorization|CertificateVaults|Certificates|Forwarding|Mappings|Storage)\.[A-Z]")]
    private static partial Regex QualifiedName();

    private sealed record SourceFile(string Name, string[] Lines)
    {
        public string Text => string.Join('\n', Lines);

        /// <summary>Folders that a using line or a qualified name mentions; comments don't count.</summary>
        public IEnumerable<string> Uses() => Lines
            .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("namespace ", StringComparison.Ordinal))
            .SelectMany(line => UsingLine().Matches(line).Concat(QualifiedName().Matches(line)))
            .Select(use => use.Groups["folder"].Value)
            .Distinct();
    }
}
