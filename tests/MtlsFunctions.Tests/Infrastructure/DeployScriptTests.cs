using System.Diagnostics;
using System.Runtime.Versioning;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>.ci/deploy as it runs, with an azd and a curl in front of the real ones that write down what they are asked.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DeployScriptTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("deploy-");
    private readonly Dictionary<string, string> environment = new(CompiledInfrastructure.AzdEnvironment)
    {
        ["AZURE_SUBSCRIPTION_ID"] = "00000000-0000-0000-0000-000000000001",
        ["DEPLOY_PAUSE"] = "0",
        ["FAILURES"] = "0",
        ["READINESS_URL"] = "https://mtls.example.com/health/ready",
    };

    [Fact]
    public async Task Everything_is_made_and_published_and_the_app_itself_is_asked_whether_it_is_ready()
    {
        Assert.Equal(0, (await DeployAsync()).Status);

        var calls = Calls();
        Assert.Equal(["azd provision --no-prompt", "azd deploy --no-prompt", "azd env get-value readinessUrl"], calls[..^1]);
        Assert.StartsWith("curl --fail ", calls[^1], StringComparison.Ordinal);
        Assert.EndsWith(" https://mtls.example.com/health/ready", calls[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_publish_that_is_refused_while_roles_spread_goes_again()
    {
        environment["FAILURES"] = "3";

        Assert.Equal(0, (await DeployAsync()).Status);

        Assert.Equal(4, Calls().Count(call => call == "azd deploy --no-prompt"));
        Assert.Single(Calls(), call => call == "azd provision --no-prompt");
    }

    [Fact]
    public async Task A_publish_that_is_always_refused_fails_in_the_end()
    {
        (environment["FAILURES"], environment["DEPLOY_ATTEMPTS"]) = ("99", "4");

        var (status, errors) = await DeployAsync();

        Assert.Equal(1, status);
        Assert.Contains("4 attempts", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Calls(), call => call.StartsWith("curl", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_app_that_only_a_front_end_of_unknown_name_reaches_is_not_asked()
    {
        environment["READINESS_URL"] = "";

        Assert.Equal(0, (await DeployAsync()).Status);

        Assert.DoesNotContain(Calls(), call => call.StartsWith("curl", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AZURE_ENV_NAME")]
    [InlineData("AZURE_SUBSCRIPTION_ID")]
    [InlineData("AZURE_LOCATION")]
    [InlineData("MTLS_TOKEN_ISSUER")]
    [InlineData("MTLS_TOKEN_AUDIENCES")]
    public async Task What_is_missing_is_said_before_anything_is_made(string name)
    {
        environment.Remove(name);

        var (status, errors) = await DeployAsync();

        Assert.Equal((1, $"Set {name}.\n"), (status, errors));
        Assert.Empty(Calls());
    }

    [Fact]
    public async Task Where_the_audience_is_the_account_there_is_none_to_set()
    {
        environment.Remove("MTLS_TOKEN_AUDIENCES");
        environment["MTLS_ACCOUNT_CLAIM"] = "aud";

        Assert.Equal(0, (await DeployAsync()).Status);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string[] Calls() => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    private string Log => Path.Combine(folder.FullName, "calls");

    private async Task<(int Status, string Errors)> DeployAsync()
    {
        Put("azd", """
            #!/bin/sh
            echo "azd $*" >> "$CALLS"
            [ "$1" != env ] || echo "$READINESS_URL"
            [ "$1" != deploy ] || [ "$(grep -c "^azd deploy" "$CALLS")" -gt "$FAILURES" ]
            """);
        Put("curl", """
            #!/bin/sh
            echo "curl $*" >> "$CALLS"
            """);
        var start = new ProcessStartInfo("bash", [Repository.PathOf(".ci", "deploy")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var path = $"{folder.FullName}:{start.Environment["PATH"]}";
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        (start.Environment["PATH"], start.Environment["CALLS"]) = (path, Log);
        using var process = Process.Start(start)!;
        var printed = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await printed;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, errors);
    }

    private void Put(string name, string script)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
