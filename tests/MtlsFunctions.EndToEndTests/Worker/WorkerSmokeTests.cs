using System.Net;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Worker;

public sealed class WorkerSmokeTests(WorkerFixture worker) : IClassFixture<WorkerFixture>
{
    [Fact]
    public async Task It_forwards()
    {
        await using var remote = await MtlsServer.StartAsync(worker.Gateway.Pki);
        var client = worker.Gateway.Pki.IssueClient();
        var caller = worker.Host.As(worker.Gateway, "smoke");
        var up = await caller.UploadAsync(client.Pkcs12, "n", client.Password); Assert.True(up.Status == HttpStatusCode.Created, up.Text + worker.Host.Output);
        await caller.MapAsync(remote.Url + "/a", (long)up.Json["successfulySavedCertificates"]![0]!["id"]!);
        var got = await caller.GetAsync(caller.CertificatesPath + "/1");
        var answer = await caller.ForwardAsync(HttpMethod.Get, remote.Url + "/a");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text + worker.Host.Output + string.Join("\n", remote.Received.SelectMany(r => r.Headers.Select(h => h.Key + "=" + string.Join(",", h.Value)))));
    }
}
