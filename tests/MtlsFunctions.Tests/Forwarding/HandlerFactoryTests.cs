using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MtlsFunctions.Certificates;
using MtlsFunctions.Connections;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Forwarding.Tls;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Forwarding;

public sealed class HandlerFactoryTests : IDisposable
{
    private readonly TestPki pki = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();
    private readonly Meters meters = new();
    private readonly HandshakeThreads handshakes = new(2);
    private readonly Reach reach = new(The.Account(), IsMapped: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_connection_is_made_in_the_accounts_turn() => Task.Run(
        async () =>
        {
            await using var remote = await MtlsServer.StartAsync(pki);
            var handler = Make();
            Task<HttpResponseMessage> sending;
            using (var busy = new HandshakeThreadsTests.Held(handshakes, reach.Owner))
            {
                await busy.Started;
                sending = handler.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, remote.Url), Cancellation);
                await Eventually.TrueAsync(() => remote.Connections == 1);
                Assert.Equal((0, false), (remote.Handshakes, sending.IsCompleted));
            }

            Assert.Equal(HttpStatusCode.OK, (await sending).StatusCode);
            handler.Retire();
        },
        Cancellation);

    [Fact]
    public async Task Nothing_is_kept_of_certificates_that_are_gone()
    {
        await using var remote = await MtlsServer.StartAsync(pki);

        var gone = await ChurnAsync(remote.Url, times: 100);

        // The last one may still lie in the state of a method that has ended, and connections end beside us. What the process holds in all says
        // nothing here: other tests run in it.
        await Eventually.TrueAsync(() => AreCollected(gone.SkipLast(3)));
    }

    public void Dispose()
    {
        meters.Dispose();
        folder.Delete(recursive: true);
    }

    private static bool AreCollected(IEnumerable<WeakReference> gone)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return gone.All(one => !one.IsAlive);
    }

    // As it goes for each certificate that is uploaded, used and deleted.
    private async Task<List<WeakReference>> ChurnAsync(string url, int times)
    {
        var gone = new List<WeakReference>();
        for (var time = 0; time < times; time++)
            gone.AddRange(await UseAsync(url, time));
        return gone;
    }

    private async Task<WeakReference[]> UseAsync(string url, int number)
    {
        var client = pki.IssueClient($"client-{number}");
        var certificate = new ClientCertificate(client.Certificate, []);
        var handler = Make(certificate);
        using (var answer = await handler.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, url), Cancellation))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        handler.Retire();
        return [new(handler), new(certificate), new(handler.Invoker)];
    }

    private WarmHandler Make(ClientCertificate? certificate = null)
    {
        var settings = Options.Create(new ForwardingOptions { AllowedNetworks = ["127.0.0.0/8"], TrustedRoots = [pki.WriteRootPem(folder.FullName)] });
        var guard = new TargetGuard(settings, new NameLookUps(TimeProvider.System), TimeProvider.System, NullLogger<TargetGuard>.Instance);
        return new HandlerFactory(settings, guard, new RemoteTrust(settings), handshakes, new ForwardMetrics(meters), TimeProvider.System)
            .Create(certificate ?? new ClientCertificate(pki.IssueClient().Certificate, []), reach: reach);
    }
}
