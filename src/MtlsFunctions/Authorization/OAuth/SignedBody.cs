using System.Security.Cryptography;
using System.Text;

namespace MtlsFunctions.Authorization.OAuth;

/// <summary>A body that is part of what is signed, as a form or by its hash: it is held in memory until the signature is known to be good.</summary>
internal static class SignedBody
{
    /// <summary>Bytes, at most.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <returns>Why a body is refused that isn't the one whose hash was signed (extension "OAuth Request Body Hash"); null for any other.</returns>
    public static async ValueTask<Failure?> RefuseAsync(HttpRequest request, OAuthHeader header, CancellationToken cancellation)
    {
        if (header.BodyHash is not { } signed)
            return null;
        if (!(await ReadAsync(request, cancellation)).TryGet(out var body, out var failure))
            return failure with { Detail = $"{failure.Detail} A body whose hash is signed (oauth_body_hash) can have 1 MB: leave the hash out for larger ones." };
        var hash = Convert.ToBase64String(Hash(header.SignatureMethod, body));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hash), Encoding.UTF8.GetBytes(signed))
            ? null
            : new Failure(FailureKind.Unauthorized, "oauth_body_hash isn't the hash of this body: sign the request with the body that is sent.");
    }

    /// <returns>The whole body, which can be read again afterwards; a failure where it is larger than 1 MB.</returns>
    public static async ValueTask<Outcome<byte[]>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > MaxBytes)
            return RequestBodies.TooLarge();
        request.EnableBuffering(bufferThreshold: MaxBytes, bufferLimit: MaxBytes);
        using var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, cancellation);
        }
        catch (IOException fault) when (fault is not BadHttpRequestException && request.Body.Position >= MaxBytes)
        {
            return RequestBodies.TooLarge();
        }

        request.Body.Position = 0;
        return body.ToArray();
    }

    private static byte[] Hash(string signatureMethod, byte[] body) =>
#pragma warning disable CA5350 // The extension takes the hash of the signature's method.
        signatureMethod == OAuthSignature.HmacSha1 ? SHA1.HashData(body) : SHA256.HashData(body);
#pragma warning restore CA5350
}
