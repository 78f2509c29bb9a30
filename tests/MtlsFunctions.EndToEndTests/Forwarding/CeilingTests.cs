using System.Net;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>An account whose remote hangs takes its share of an instance and leaves the rest to the others.</summary>
public sealed class CeilingTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Beyond_its_ceiling_an_account_gets_503_from_every_function_and_others_go_on()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>
        {
            ["Limits:ConcurrentRequests"] = "12",
            ["Limits:ConcurrentRequestsPerAccount"] = "",
        });
        var mute = new FaultyServer(Faults.NeverAnswer, gateway.Pki.IssueServer());
        var (hanging, quiet) = (gateway.As("hanging"), gateway.As("quiet"));
        var held = Enumerable.Range(0, 3).Select(_ => hanging.ForwardAsync(HttpMethod.Get, mute.Url)).ToArray();
        await Eventually.TrueAsync(() => mute.Connections == 3);

        var refused = await hanging.ForwardAsync(HttpMethod.Get, mute.Url);
        refused.IsProblem(HttpStatusCode.ServiceUnavailable, "busy");
        Assert.Equal(("1", null, "gateway"), (refused.Header("Retry-After"), refused.Header("LP-error-from-transport"), refused.Header("LP-response-origin")));
        (await hanging.GetAsync("/mtls/account/hanging/certificates")).IsProblem(HttpStatusCode.ServiceUnavailable, "busy");
        Assert.Equal(HttpStatusCode.OK, (await quiet.GetAsync("/mtls/account/quiet/certificates")).Status);
        Assert.Equal(3, mute.Connections);

        await mute.DisposeAsync();
        Assert.All(await Task.WhenAll(held), answer => Assert.Equal(HttpStatusCode.FailedDependency, answer.Status));
        Assert.Equal(HttpStatusCode.OK, (await hanging.GetAsync("/mtls/account/hanging/certificates")).Status);
    }
}
