using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Mappings;

/// <summary>What will break when, and whether anybody would notice.</summary>
public sealed class ListExpiringCertificatesTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_most_urgent_stands_first_with_the_mappings_that_break_and_its_last_use()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = await TestGateway.StartAsync(azurite, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var demo = gateway.As("demo");
        Task<long> UploadAsync(double days) =>
            demo.UploadAsync(gateway.Pki.IssueClient(configure: options => options.NotAfter = clock.GetUtcNow().AddDays(days)));
        var (later, soon, over) = (await UploadAsync(40), await UploadAsync(6.5), await UploadAsync(0.01));
        await UploadAsync(400);
        var used = await demo.MapAsync(remote.Url, soon);
        var off = GatewayClient.Mapping("https://remote.example/", soon);
        off["enable"] = false;
        await demo.PostAsync(demo.MappingsPath, new JsonArray(off));
        Assert.Equal(HttpStatusCode.OK, (await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Status);
        clock.Advance(TimeSpan.FromHours(1));

        // Last use is noted beside the forward.
        var listed = await Eventually.GetAsync(
            async () => (await demo.GetAsync($"{demo.CertificatesPath}/expiring?days=60")).Json.AsArray(), found => found[1]!["lastUsed"] is not null);

        Assert.Equal(
            [(over, -1), (soon, 6), (later, 39)], listed.Select(one => ((long)one!["certificate"]!["id"]!, (int)one["daysLeft"]!)));
        Assert.Equal(["Expired", "Available", "Available"], listed.Select(one => (string?)one!["certificate"]!["status"]));
        Assert.Equal([used], listed[1]!["mappings"]!.AsArray().Select(mapping => (long)mapping!["id"]!));
        Assert.Null(listed[2]!["lastUsed"]);
        Assert.Empty(listed[0]!["mappings"]!.AsArray());
        Assert.Equal([over, soon], (await demo.GetAsync($"{demo.CertificatesPath}/expiring")).Json.AsArray().Select(one => (long)one!["certificate"]!["id"]!));
        Assert.Equal(over, (long)Assert.Single((await demo.GetAsync($"{demo.CertificatesPath}/expiring?days=0")).Json.AsArray())!["certificate"]!["id"]!);
        Assert.Empty((await gateway.As("other").GetAsync("/mtls/account/other/certificates/expiring?days=3650")).Json.AsArray());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("3651")]
    [InlineData("soon")]
    [InlineData("")]
    public async Task A_number_of_days_that_is_none_is_refused(string days)
    {
        await using var gateway = await TestGateway.StartAsync(azurite);
        (await gateway.As("demo").GetAsync($"/mtls/account/demo/certificates/expiring?days={days}")).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
    }
}
