using System.Text.RegularExpressions;
using MtlsFunctions.Tests.Infrastructure;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>docs/operations.md lists the settings as they are, and every alert and role that the template makes.</summary>
public sealed partial class OperationsDocumentTests
{
    private const string Begin = "<!-- settings: made by OperationsDocumentTests -->\n\n";
    private const string End = "<!-- end of settings -->";

    private static readonly string DocumentPath = Repository.PathOf("docs", "operations.md");

    private static readonly string Document = File.ReadAllText(DocumentPath);

    [Fact]
    public void The_settings_are_those_of_today()
    {
        var (begin, end) = (Document.IndexOf(Begin, StringComparison.Ordinal), Document.IndexOf(End, StringComparison.Ordinal));

        Assert.InRange(begin, 1, end);
        Generated.AssertFresh(DocumentPath, Document[..(begin + Begin.Length)] + SettingsTable.Write() + Document[end..]);
    }

    [Fact]
    public void Every_alert_is_explained() => Assert.All(
        AlertName().Matches(File.ReadAllText(Path.Combine(CompiledInfrastructure.Folder, "modules", "alerts.bicep"))).Select(found => found.Groups["name"].Value),
        name => Assert.Contains($"| `…-{name}` |", Document, StringComparison.Ordinal));

    [Fact]
    public void Every_role_is_listed() => Assert.All(
        RoleId().Matches(File.ReadAllText(Path.Combine(CompiledInfrastructure.Folder, "modules", "roles.bicep"))).Select(found => found.Groups["name"].Value),
        name => Assert.Contains($"| {name} |", Document, StringComparison.Ordinal));

    [GeneratedRegex(@"name: '(\$\{namePrefix\}-)?(?<name>certificate-expires|remote-unreachable|server-errors|vault-throttles)(-\$\{warning\.days\})?'")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"@description\('(?<name>[A-Z][\w ]+):")]
    private static partial Regex RoleId();
}
