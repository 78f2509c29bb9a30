using System.Net;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>A private network is open to given accounts, for what they have mapped; the others can't even tell which of its ports are.</summary>
public sealed class AccountNetworksTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_private_network_is_open_to_its_accounts_for_what_they_have_mapped_and_tells_nothing_to_others()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>
        {
            ["Forwarding:AllowedNetworks:0"] = "203.0.113.1/32",
            ["Forwarding:AllowedNetworks:1"] = "203.0.113.1/32",
            ["Forwarding:AllowedNetworksForMappedOnly"] = "true",
            ["Forwarding:AccountNetworks:partners:Accounts:0"] = "partner",
            ["Forwarding:AccountNetworks:partners:Networks:0"] = "127.0.0.1/32",
        });
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        await using var closed = new RefusingListener();
        var (partner, other) = (gateway.As("partner"), gateway.As("other"));
        var client = gateway.Pki.IssueClient();
        foreach (var account in new[] { partner, other })
            await account.MapAsync(remote.Url, await account.UploadAsync(client));

        Assert.Equal(HttpStatusCode.OK, (await partner.ForwardAsync(HttpMethod.Get, remote.Url)).Status);

        var received = remote.Received.Count;
        var answers = new List<string>();
        foreach (var url in new[] { remote.Url, closed.Url, "https://127.0.0.1:1/" })
        {
            var answer = await other.ForwardAsync(HttpMethod.Get, url);
            answer.IsProblem(HttpStatusCode.Forbidden, "target-refused");
            answers.Add((string)answer.Json["detail"]!);
            (await partner.ForwardAsync(HttpMethod.Get, url, service: "IDP")).IsProblem(HttpStatusCode.Forbidden, "target-refused"); // not mapped
        }

        Assert.Single(answers.Distinct());
        Assert.Equal((received, 0), (remote.Received.Count, await closed.CountAsync()));
    }
}
