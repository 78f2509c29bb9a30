using Microsoft.AspNetCore.Server.Kestrel.Https;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>What is deployed answers as LocalHost does, and sends remotes the same.</summary>
[Collection(WorkerTests.Name)]
public sealed class SameAnswersTests(WorkerFixture worker)
{
    [Fact]
    public async Task Every_kind_of_request_has_the_same_answer_and_shows_the_remote_the_same_bytes()
    {
        await using var remote = await MtlsServer.StartAsync(worker.Gateway.Pki, options => options.Handler = PlayedRemote.AnswerAsync);
        var (client, next) = (worker.Gateway.Pki.IssueClient(), worker.Gateway.Pki.IssueClient());
        using var local = new Transcript(worker.Gateway.Url, "accountA", worker.Gateway.Issuer.Token("accountA", ["MTLS_WRITE_INTERNAL"]), remote);
        using var shipped = new Transcript(worker.Host.Url, "accountB", worker.Gateway.Issuer.Token("accountB", ["MTLS_WRITE_INTERNAL"]), remote);

        await EveryKindOfRequest.RunAsync(local, client, next);
        await EveryKindOfRequest.RunAsync(shipped, client, next);

        Assert.InRange(local.Lines.Count, 60, 100);
        Assert.All(local.Lines.Zip(shipped.Lines), pair => Assert.Equal($"{pair.First.Step}\n{pair.First.Told}", $"{pair.Second.Step}\n{pair.Second.Told}"));
    }

    [Fact]
    public async Task An_upgrade_is_refused_under_Kestrel_and_never_gets_through_the_host()
    {
        await using var remote = await MtlsServer.StartAsync(worker.Gateway.Pki, options => options.ClientCertificates = ClientCertificateMode.NoCertificate);

        var local = await worker.Gateway.As("upgrade").ForwardAsync(HttpMethod.Get, remote.Url, headers: ("Upgrade", "websocket"));
        var shipped = await worker.Host.As(worker.Gateway, "upgrade").ForwardAsync(HttpMethod.Get, remote.Url, headers: ("Upgrade", "websocket"));

        Assert.Equal((501, 200), ((int)local.Status, (int)shipped.Status));
        Assert.False(Assert.Single(remote.Received).Headers.ContainsKey("Upgrade"));
    }

    [Fact]
    public async Task Another_method_on_a_known_path_is_404_there_and_405_under_Kestrel()
    {
        using var local = new HttpRequestMessage(HttpMethod.Patch, worker.Gateway.Url + "/health");
        using var shipped = new HttpRequestMessage(HttpMethod.Patch, worker.Host.Url + "/health");
        using var http = new HttpClient();

        Assert.Equal(405, (int)(await http.SendAsync(local, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(404, (int)(await http.SendAsync(shipped, TestContext.Current.CancellationToken)).StatusCode);
    }
}
