using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Builder;
using MtlsFunctions.EndToEndTests.Forwarding;
using MtlsFunctions.Storage;

namespace MtlsFunctions.EndToEndTests.Mappings;

/// <summary>What forwards see of the mappings while the table is down, or while they change under their eyes.</summary>
public sealed class RuntimeViewTests(RuntimeViewTests.TappedGateway shared) : IClassFixture<RuntimeViewTests.TappedGateway>
{
    private static readonly (string, string) Stop = ("LP-stop-if-certificate-not-found", "true");

    [Fact]
    public async Task While_the_table_is_down_what_is_mapped_goes_on_and_nothing_else_goes_out()
    {
        var (demo, certificate, thumbprint) = await shared.NewAccountWithCertificateAsync();
        var (mapped, absent, unknown) = (shared.NewUrl(), shared.NewUrl(), shared.NewUrl());
        await demo.MapAsync(mapped, certificate);
        await demo.ForwardAsync(HttpMethod.Get, mapped);
        Assert.Null((string?)(await demo.ForwardAsync(HttpMethod.Get, absent)).Json["thumbprint"]);

        shared.Tap.Closed = true;
        try
        {
            Assert.Equal(thumbprint, (string?)(await demo.ForwardAsync(HttpMethod.Get, mapped)).Json["thumbprint"]);
            foreach (var url in new[] { absent, unknown })
            {
                var answer = await demo.ForwardAsync(HttpMethod.Get, url);
                answer.IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
                Assert.Equal(("gateway", true), (answer.Header("LP-response-origin"), answer.Header("Retry-After") is not null));
            }
        }
        finally
        {
            shared.Tap.Closed = false;
        }

        Assert.Single(shared.Seen(absent));
        Assert.Empty(shared.Seen(unknown));
    }

    [Fact]
    public async Task A_mapping_that_moves_away_during_the_look_up_does_not_lend_its_new_certificate()
    {
        var (demo, first, _) = await shared.NewAccountWithCertificateAsync();
        var second = await demo.UploadAsync(shared.Gateway.Pki.IssueClient());
        var url = shared.NewUrl();
        var id = await demo.MapAsync(url, first);

        var answer = await DuringLookUpAsync(
            () => demo.SendAsync(HttpMethod.Put, $"{demo.MappingsPath}/{id}", JsonContent.Create(GatewayClient.Mapping(shared.NewUrl(), second))),
            () => demo.ForwardAsync(HttpMethod.Get, url, headers: Stop));

        answer.IsProblem(HttpStatusCode.BadRequest, "no-mapping");
        Assert.Empty(shared.Seen(url));
    }

    [Fact]
    public async Task A_mapping_that_is_replaced_during_the_look_up_is_not_taken_for_none()
    {
        var (demo, certificate, thumbprint) = await shared.NewAccountWithCertificateAsync();
        var url = shared.NewUrl();
        var id = await demo.MapAsync(url, certificate);

        var answer = await DuringLookUpAsync(
            async () =>
            {
                await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/{id}");
                await demo.MapAsync(url, certificate);
            },
            () => demo.ForwardAsync(HttpMethod.Get, url));

        Assert.Equal((HttpStatusCode.OK, thumbprint), (answer.Status, (string?)answer.Json["thumbprint"]));
    }

    [Fact]
    public async Task A_certificate_that_is_replaced_and_deleted_during_the_look_up_is_not_missed()
    {
        var (demo, first, _) = await shared.NewAccountWithCertificateAsync();
        var client = shared.Gateway.Pki.IssueClient();
        var second = await demo.UploadAsync(client);
        var url = shared.NewUrl();
        var id = await demo.MapAsync(url, first);

        var answer = await DuringLookUpAsync(
            async () =>
            {
                await demo.SendAsync(HttpMethod.Put, $"{demo.MappingsPath}/{id}", JsonContent.Create(GatewayClient.Mapping(url, second)));
                await demo.SendAsync(HttpMethod.Delete, $"{demo.CertificatesPath}/{first}");
            },
            () => demo.ForwardAsync(HttpMethod.Get, url), row: "certificate_");

        Assert.Equal((HttpStatusCode.OK, client.Thumbprint), (answer.Status, (string?)answer.Json["thumbprint"]));
    }

    [Fact]
    public async Task Rows_that_never_fit_together_send_nothing_out_without_the_certificate()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var url = shared.NewUrl();
        var id = await demo.MapAsync(url, certificate);
        await shared.Gateway.Service<TableClient>().DeleteEntityAsync(demo.Account, MappingRow.KeyOf(id), cancellationToken: TestContext.Current.CancellationToken);

        (await demo.ForwardAsync(HttpMethod.Get, url)).IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");

        Assert.Empty(shared.Seen(url));
    }

    [Fact]
    public async Task An_own_change_counts_at_once()
    {
        var (demo, certificate, thumbprint) = await shared.NewAccountWithCertificateAsync();
        var url = shared.NewUrl();
        for (var round = 0; round < 5; round++)
        {
            Assert.Null((string?)(await demo.ForwardAsync(HttpMethod.Get, url)).Json["thumbprint"]);
            var id = await demo.MapAsync(url, certificate);
            Assert.Equal(thumbprint, (string?)(await demo.ForwardAsync(HttpMethod.Get, url)).Json["thumbprint"]);
            await demo.SendAsync(HttpMethod.Delete, $"{demo.MappingsPath}/{id}");
        }
    }

    /// <summary>Lets the change happen just before the look-up reads the row, once.</summary>
    private async Task<Answer> DuringLookUpAsync(Func<Task> change, Func<Task<Answer>> forward, string row = "mapping_")
    {
        var happened = false;
        shared.Tap.Before = async (method, uri) =>
        {
            if (happened || method != "GET" || !uri.Contains(row, StringComparison.Ordinal))
                return;
            happened = true;
            await change();
        };
        try
        {
            var answer = await forward();
            Assert.True(happened, "The look-up did not read that row.");
            return answer;
        }
        finally
        {
            shared.Tap.Before = null;
        }
    }

    /// <summary>Looks at the revision beside every request.</summary>
    public sealed class TappedGateway(AzuriteFixture azurite) : RemoteFixture(azurite)
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Runtime:MaxLag"] = "00:00:00", ["Runtime:RefreshInterval"] = "00:00:00" };

        protected override Action<WebApplicationBuilder> Configure => Tap.Install;

        public TableTap Tap { get; } = new(azurite);
    }
}
