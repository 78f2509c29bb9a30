using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;

namespace MtlsFunctions.Tests.Authorization.OAuth;

/// <summary>The extension "OAuth Request Body Hash": where a client signs the hash of its body, another body is refused.</summary>
public sealed class BodyHashTests
{
    private const string Sha1OfHello = "qvTGHdzF6KLavt4PO0gs2a6pQ00=";
    private const string Sha256OfHello = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";

    private readonly AppKeyCall call = new() { Method = "POST", ContentType = "application/json" };

    [Theory]
    [InlineData("HMAC-SHA1", Sha1OfHello, "hello", true)]
    [InlineData("HMAC-SHA256", Sha256OfHello, "hello", true)]
    [InlineData("HMAC-SHA1", Sha1OfHello, "hello!", false)]
    [InlineData("HMAC-SHA256", Sha256OfHello, "", false)]
    [InlineData("HMAC-SHA256", Sha1OfHello, "hello", false)]
    [InlineData("HMAC-SHA256", "", "hello", false)]
    [InlineData("HMAC-SHA256", null, "hello", true)]
    public async Task A_body_is_the_one_whose_hash_was_signed(string method, string? hash, string body, bool letIn)
    {
        (call.BodyHash, call.Body) = (hash, Received(body));

        Assert.Equal(letIn, await call.SendAsync(call.Sign(method: method)) is null);
        Assert.Equal(letIn ? 1 : 0, call.NoncesUsed);
    }

    [Fact]
    public async Task An_altered_body_does_not_use_the_nonce_up()
    {
        call.BodyHash = Sha256OfHello;
        var header = call.Sign();

        call.Body = Received("altered");
        await call.RefusesAsync(header);
        call.Body = Received("hello");
        await call.AdmitsAsync(header);
    }

    [Fact]
    public async Task A_body_over_a_megabyte_cannot_have_its_hash_signed()
    {
        var body = new string('x', 1024 * 1024);
        (call.BodyHash, call.Body) = (Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(body))), Received(body));
        await call.AdmitsAsync(call.Sign());

        call.Body = Received(body + "x");
        var refused = await call.SendAsync(call.Sign());
        Assert.Equal(FailureKind.RequestTooLarge, refused?.Kind);
        Assert.Contains("oauth_body_hash", refused!.Detail, StringComparison.Ordinal);
    }

    // Like a request's own body it can be read only once.
    private static Stream Received(string body) => PipeReader.Create(new MemoryStream(Encoding.ASCII.GetBytes(body))).AsStream();
}
