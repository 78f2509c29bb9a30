using System.Text.RegularExpressions;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>The workflows for GitHub do nothing that the scripts in .ci don't, and hold no secret.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows =>
        [.. Directory.EnumerateFiles(Repository.PathOf(".github", "workflows"), "*.yml").Select(path => Path.GetFileName(path))];

    [Fact]
    public void There_is_one_for_tests_and_one_for_deployment() => Assert.Equal(["ci.yml", "deploy.yml"], Workflows.Select(row => row.Data).Order());

    [Theory]
    [MemberData(nameof(Workflows))]
    public void It_runs_the_same_tests_as_everybody(string workflow) => Assert.Contains("- run: .ci/run\n", Read(workflow), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Every_script_that_it_runs_is_there(string workflow) => Assert.All(
        Script().Matches(Read(workflow)).Select(found => found.Groups["name"].Value),
        name => Assert.True(File.Exists(Repository.PathOf(".ci", name)), name));

    [Theory]
    [MemberData(nameof(Workflows))]
    public void It_may_do_no_more_than_it_says_and_keeps_no_secret(string workflow)
    {
        Assert.Contains("\npermissions:\n  contents: read\n", Read(workflow), StringComparison.Ordinal);
        Assert.DoesNotContain("secrets.", Read(workflow), StringComparison.Ordinal);
        Assert.DoesNotContain("pull_request_target", Read(workflow), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Every_action_is_one_commit_and_no_name_that_moves(string workflow)
    {
        var actions = Action().Matches(Read(workflow));

        Assert.NotEmpty(actions);
        Assert.All(actions, action => Assert.Matches(Commit(), action.Value));
    }

    [Fact]
    public void Only_the_job_that_deploys_may_act_as_the_repository_and_only_after_the_tests()
    {
        var jobs = Read("deploy.yml").Split("\n  deploy:\n");

        Assert.DoesNotContain("id-token", jobs[0], StringComparison.Ordinal);
        Assert.Contains("- run: .ci/run\n", jobs[0], StringComparison.Ordinal);
        Assert.StartsWith("    needs: test\n", jobs[1], StringComparison.Ordinal);
        Assert.Contains("      id-token: write\n", jobs[1], StringComparison.Ordinal);
        Assert.DoesNotContain(".ci/run", jobs[1], StringComparison.Ordinal);
        Assert.Matches(@"\n {10}version: \d+\.\d+\.\d+\n", jobs[1]);
    }

    [Fact]
    public void Azd_deploys_the_app_that_the_template_has_made()
    {
        var azd = File.ReadAllText(Repository.PathOf("azure.yaml"));

        Assert.Contains("\n  path: infra-bicep\n", azd, StringComparison.Ordinal);
        Assert.Contains("\n  gateway:\n    project: src/MtlsFunctions\n", azd, StringComparison.Ordinal);
        Assert.Contains("'azd-service-name': 'gateway'", File.ReadAllText(Repository.PathOf("infra-bicep", "modules", "app.bicep")), StringComparison.Ordinal);
    }

    [Fact]
    public void Deployment_passes_on_every_variable_that_the_template_reads() => Assert.All(
        Variable().Matches(File.ReadAllText(Repository.PathOf("infra-bicep", "main.bicepparam"))).Select(found => found.Groups["name"].Value),
        name => Assert.Contains($"vars.{name} ", Read("deploy.yml"), StringComparison.Ordinal));

    /// <summary>A project without a lock file would be restored as if there were no lock.</summary>
    [Fact]
    public void Every_project_has_a_lock_file_and_tests_restore_nothing_else()
    {
        var projects = new[] { "src", "tests" }.SelectMany(folder => Directory.EnumerateDirectories(Repository.PathOf(folder)))
            .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any()).ToArray();
        var run = File.ReadAllText(Repository.PathOf(".ci", "run"));

        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.True(File.Exists(Path.Combine(project, "packages.lock.json")), project));
        Assert.Contains("\ndotnet restore MtlsFunctions.sln --locked-mode\n", run, StringComparison.Ordinal);
        Assert.Contains("\ndotnet build MtlsFunctions.sln --nologo --no-restore\n", run, StringComparison.Ordinal);
        Assert.Contains("\n.ci/publish out/gateway -p:RestoreLockedMode=true\n", run, StringComparison.Ordinal);
    }

    [Fact]
    public void Advisories_are_asked_for_by_ci() => Assert.Contains("- run: .ci/advisories\n", Read("ci.yml"), StringComparison.Ordinal);

    private static string Read(string workflow) => File.ReadAllText(Repository.PathOf(".github", "workflows", workflow));

    [GeneratedRegex(@"uses: .+")]
    private static partial Regex Action();

    [GeneratedRegex(@"@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Commit();

    [GeneratedRegex(@"- run: \.ci/(?<name>\w+)")]
    private static partial Regex Script();

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>\w+)'")]
    private static partial Regex Variable();
}
