using System.Reflection;
using System.Text.RegularExpressions;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>docs/problems.md lists what the code answers, and nothing else.</summary>
public sealed partial class ProblemsDocumentTests
{
    private static readonly string Document = File.ReadAllText(Repository.PathOf("docs", "problems.md"));

    [Fact]
    public void Every_problem_type_is_listed_with_its_status() =>
        Assert.Equal(
            Problems.All.Values.Select(problem => (problem.Name, problem.Status)).Order(),
            ProblemRow().Matches(Document).Select(row => (row.Groups["name"].Value, int.Parse(row.Groups["status"].Value, null))).Order());

    [Fact]
    public void Every_transport_code_is_listed() =>
        Assert.Equal(
            typeof(TransportError).GetFields(BindingFlags.Public | BindingFlags.Static).Select(code => (string)code.GetRawConstantValue()!).Order(),
            CodeRow().Matches(Document[Document.IndexOf("## 424", StringComparison.Ordinal)..]).Select(row => row.Groups["code"].Value).Order());

    [GeneratedRegex(@"^\| `(?<name>[a-z0-9-]+)` \| (?<status>\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex ProblemRow();

    [GeneratedRegex(@"^\| `(?<code>[a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex CodeRow();
}
