using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using MtlsFunctions.Connections;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>One account's names lead to a name server that says nothing; the others go on.</summary>
public sealed class SilentNamesTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Silent_names_of_one_account_slow_no_other_and_are_told_from_names_that_are_not_there()
    {
        using var answering = new ManualResetEventSlim();
        var asked = 0;
        await using var gateway = await TestGateway.StartAsync(
            azurite, new Dictionary<string, string?> { ["Forwarding:ConnectTimeout"] = "00:00:03" }, builder => builder.Services.AddSingleton(services =>
                new NameLookUps(services.GetRequiredService<TimeProvider>(), name =>
                {
                    if (!name.EndsWith(".silent.example", StringComparison.Ordinal))
                        return name == "kind.example" ? [IPAddress.Loopback] : throw new SocketException((int)SocketError.HostNotFound);
                    Interlocked.Increment(ref asked);
                    answering.Wait();
                    return [];
                })));
        await using var remote = new FaultyServer(
            Faults.AnswerRaw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), gateway.Pki.IssueServer("kind.example"));
        var noisy = gateway.As("noisy");
        var held = Enumerable.Range(0, 60).Select(number => noisy.ForwardAsync(HttpMethod.Get, $"https://{number}.silent.example/")).ToArray();
        await Eventually.TrueAsync(() => Volatile.Read(ref asked) == 4);

        // Cold, and each on a connection of its own.
        for (var forward = 0; forward < 3; forward++)
            Assert.Equal(HttpStatusCode.OK, (await gateway.As("quiet").ForwardAsync(HttpMethod.Get, $"https://kind.example:{remote.Port}/")).Status);
        Assert.Equal("name-not-found", (await gateway.As("quiet").ForwardAsync(HttpMethod.Get, "https://missing.example/")).Header("LP-error-from-transport"));
        Assert.All(held, look => Assert.False(look.IsCompleted));

        foreach (var answer in await Task.WhenAll(held))
            Assert.Equal((HttpStatusCode.FailedDependency, "name-timeout"), (answer.Status, answer.Header("LP-error-from-transport")));
        answering.Set();
    }
}
