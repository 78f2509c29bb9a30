using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MtlsFunctions.EndToEndTests.Authorization;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Certificates;

/// <summary>A good p12 in an upload that isn't.</summary>
public sealed class BadUploadTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private static readonly TestClient Client = new TestPki().IssueClient();

    private readonly GatewayClient demo = shared.Gateway.As($"upload{Guid.NewGuid():N}");

    public static TheoryData<string, string, string> Descriptions => new()
    {
        { "no name", $$"""{"password":"{{Client.Password}}"}""", "name-invalid" },
        { "an empty name", $$"""{"name":"","password":"{{Client.Password}}"}""", "name-invalid" },
        { "an over-long name", $$"""{"name":"{{new string('x', 257)}}","password":"{{Client.Password}}"}""", "name-invalid" },
        { "an over-long display name", $$"""{"name":"n","displayName":"{{new string('x', 257)}}","password":"{{Client.Password}}"}""", "name-invalid" },
        { "a name of another type", $$"""{"name":1,"password":"{{Client.Password}}"}""", "request-invalid" },
        { "no password", """{"name":"n"}""", "request-invalid" },
        { "a password of another type", """{"name":"n","password":[1]}""", "request-invalid" },
        { "broken JSON", $$"""{"name":"n","password":"{{Client.Password}}""", "request-invalid" },
        { "an array", $$"""[{"name":"n","password":"{{Client.Password}}"}]""", "request-invalid" },
        { "nothing", "", "request-invalid" },
    };

    [Theory]
    [MemberData(nameof(Descriptions), DisableDiscoveryEnumeration = true)]
    public async Task A_bad_description_is_refused_and_nothing_stored(string what, string description, string problem)
    {
        foreach (var spelling in new[] { "by-file", "byFile" })
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(Client.Pkcs12), "file", "c.p12" }, { new StringContent(description), "certificate" } };

            await IsRefusedAsync(await demo.SendAsync(HttpMethod.Post, $"{demo.CertificatesPath}/{spelling}", form), problem, what);
        }
    }

    public static TheoryData<string, string[]> Parts => new()
    {
        { "no file", ["certificate"] },
        { "no description", ["file"] },
        { "a file too many", ["file", "file", "certificate"] },
        { "a description too many", ["file", "certificate", "certificate"] },
        { "an unknown part", ["file", "certificate", "extra"] },
        { "no part", [] },
    };

    [Theory]
    [MemberData(nameof(Parts), DisableDiscoveryEnumeration = true)]
    public async Task Missing_and_extra_parts_are_refused_and_nothing_stored(string what, string[] parts)
    {
        using var form = new MultipartFormDataContent("part");
        foreach (var part in parts)
        {
            HttpContent content = part == "file" ? new ByteArrayContent(Client.Pkcs12) : new StringContent($$"""{"name":"n","password":"{{Client.Password}}"}""");
            if (part == "file")
                form.Add(content, part, "c.p12");
            else
                form.Add(content, part);
        }

        await IsRefusedAsync(await demo.SendAsync(HttpMethod.Post, $"{demo.CertificatesPath}/by-file", form), "request-invalid", what);
    }

    [Fact]
    public async Task A_body_that_breaks_off_anywhere_is_refused_and_nothing_stored()
    {
        using var form = GatewayClient.UploadForm(Client.Pkcs12, new JsonObject { ["name"] = "n", ["password"] = Client.Password });
        var body = await form.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        for (var length = 0; length < body.Length; length += body.Length / 16)
            await IsRefusedAsync(await SendAsync(form.Headers.ContentType!.ToString(), body[..length]), "request-invalid", $"cut at {length}");
    }

    // Says that it will send no more than this: what is cut off is the form, not the body.
    private Task<Answer> SendAsync(string type, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return demo.SendAsync(HttpMethod.Post, $"{demo.CertificatesPath}/by-file", content);
    }

    private async Task IsRefusedAsync(Answer answer, string problem, string what)
    {
        Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{what}: {answer.Text}");
        answer.IsProblem(HttpStatusCode.BadRequest, problem);
        Assert.DoesNotContain(Client.Password, answer.Text, StringComparison.Ordinal);
        Assert.Equal("[]", (await demo.GetAsync(demo.CertificatesPath)).Text);
        Assert.DoesNotContain(shared.Gateway.Log.Lines, line => line.Text.Contains(Client.Password, StringComparison.Ordinal));
    }
}
