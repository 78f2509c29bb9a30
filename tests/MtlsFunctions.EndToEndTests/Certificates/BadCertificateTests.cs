using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MtlsFunctions.EndToEndTests.Authorization;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Certificates;

/// <summary>Every kind of bad p12, in every way in which one can be sent: refused for the same reason, nothing stored, nothing told.</summary>
public sealed class BadCertificateTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private static readonly TestPki Pki = new();

    public static TheoryData<string> Kinds => [.. BadPkcs12.All];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_bad_p12_is_refused_wherever_it_is_sent(string kind)
    {
        var bad = BadPkcs12.Make(kind, Pki);
        var demo = shared.Gateway.As($"bad{Guid.NewGuid():N}");
        var good = Pki.IssueClient();
        var id = await demo.UploadAsync(good, "good");
        var before = (await demo.GetAsync(demo.CertificatesPath)).Text;
        var keys = KeysInVault();
        JsonObject Item(long? update, byte[]? file) => new()
        {
            ["id"] = update,
            ["name"] = "bad",
            ["p12"] = file is null ? null : Convert.ToBase64String(file),
            ["password"] = bad.Password,
        };

        var answers = new[]
        {
            await demo.TestAsync(bad.File, bad.Password),
            await demo.UploadAsync(bad.File, "bad", bad.Password),
            await demo.PostAsync(demo.CertificatesPath, new JsonArray(Item(null, bad.File))),
            await demo.SendAsync(HttpMethod.Put, demo.CertificatesPath + "/by-file", GatewayClient.UploadForm(bad.File, Item(id, null))),
            await demo.SendAsync(HttpMethod.Put, demo.CertificatesPath, JsonContent.Create(new JsonArray(Item(id, bad.File)))),
        };

        var status = bad.Problem == "p12-too-large" ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.BadRequest;
        Assert.All(answers, answer => answer.IsProblem(status, bad.Problem));
        Assert.Equal(before, (await demo.GetAsync(demo.CertificatesPath)).Text);
        Assert.Equal(keys, KeysInVault());
        foreach (var secret in new[] { bad.Password, good.Password }.Where(secret => secret.Length > 0))
        {
            Assert.All(answers, answer => Assert.DoesNotContain(secret, answer.Text, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(shared.Gateway.Log.Lines, line => line.Text.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    private int KeysInVault() => Directory.GetFiles(shared.Gateway.VaultFolder, "*", SearchOption.AllDirectories).Length;
}
