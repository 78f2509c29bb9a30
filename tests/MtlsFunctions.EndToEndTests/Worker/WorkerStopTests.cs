using System.Net;
using Microsoft.AspNetCore.Http;
using MtlsFunctions.LocalHost;
using MtlsFunctions.LocalHost.Walkthrough;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>Whole lives of a shipped worker.</summary>
public sealed class WorkerStopTests(AzuriteFixture azurite)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stop_finishes_what_is_under_way()
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        await using var host = await Workers.BesideAsync(gateway);
        var (there, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var client = gateway.Pki.IssueClient();
        await using var remote = await MtlsServer.StartAsync(gateway.Pki, options => options.Handler = async context =>
        {
            there.TrySetResult();
            await go.Task;
            await context.Response.WriteAsync("whole");
        });
        var caller = host.As(gateway, "stopping");
        await caller.MapAsync(remote.Url, await caller.UploadAsync(client));
        var forward = caller.ForwardAsync(HttpMethod.Get, remote.Url);
        await there.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        var stopping = host.StopAsync();
        // New ones are refused once it stops.
        await Eventually.TrueAsync(() => host.Output.Contains("Application is shutting down", StringComparison.Ordinal));
        go.SetResult();

        var answer = await forward;
        Assert.Equal((HttpStatusCode.OK, "whole"), (answer.Status, answer.Text));
        Assert.Equal(client.Thumbprint, Assert.Single(remote.Received).ClientThumbprint);
        Assert.True(await stopping, host.Output);
    }

    /// <summary>The same walkthrough as under Kestrel, with the shipped worker in the gateway's place.</summary>
    [Fact]
    public async Task The_walkthrough_ends_with_the_proof()
    {
        await using var local = await RunningLocalHost.StartAsync(Flags.Parse(["--ephemeral"]), LocalSettings.Read("none"), Console.Error.WriteLine, Stop);
        await using var host = await Workers.OnAsync(local.Settings);
        using var told = new StringWriter();

        Assert.True(await Onboarding.RunAsync(local.Session with { BaseUrl = host.Url }, told, Stop), $"{told}\n{host.Output}");
        Assert.Contains("PROOF: the sandbox saw the uploaded certificate", told.ToString(), StringComparison.Ordinal);
    }
}
