using System.Security.Cryptography;
using System.Text;

namespace MtlsFunctions.Authorization.OAuth;

/// <summary>Signature base string and HMAC signatures of RFC 5849 section 3.4.</summary>
public static class OAuthSignature
{
    public const string HmacSha1 = "HMAC-SHA1";
    public const string HmacSha256 = "HMAC-SHA256";

    /// <summary>Section 3.4.1.</summary>
    /// <param name="url">Scheme, host, port and path; its query doesn't count here, its pairs are among the parameters.</param>
    /// <param name="parameters">Of query, form body and header.</param>
    public static string BaseString(string method, SignedUrl url, IEnumerable<SignedParameter> parameters)
    {
        // Section 3.4.1.3.2: by name, then by value, by their bytes; encoded they are ASCII.
        var sorted = parameters
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal).ThenBy(parameter => parameter.Value, StringComparer.Ordinal)
            .Select(parameter => $"{parameter.Name}={parameter.Value}");
        return string.Join('&', new[] { method.ToUpperInvariant(), url.BaseUri, string.Join('&', sorted) }.Select(PercentEncoding.Encode));
    }

    /// <summary>Sections 3.4.2, and the same with SHA-256.</summary>
    /// <exception cref="ArgumentException">Another method than the two.</exception>
    public static byte[] Sign(string signatureMethod, string baseString, string consumerSecret, string tokenSecret)
    {
        var key = Encoding.ASCII.GetBytes($"{PercentEncoding.Encode(consumerSecret)}&{PercentEncoding.Encode(tokenSecret)}");
        var text = Encoding.UTF8.GetBytes(baseString);
        return signatureMethod switch
        {
            HmacSha256 => HMACSHA256.HashData(key, text),
#pragma warning disable CA5350 // The documented clients sign with HMAC-SHA1; as a MAC it is not broken.
            HmacSha1 => HMACSHA1.HashData(key, text),
#pragma warning restore CA5350
            _ => throw new ArgumentException("Not a supported signature method.", nameof(signatureMethod)),
        };
    }
}

/// <summary>The URL that was signed, in its parts.</summary>
/// <param name="Host">With its port unless that is the scheme's own.</param>
/// <param name="Path">As it was sent, percent-encoded.</param>
public sealed record SignedUrl(string Scheme, string Host, string Path)
{
    /// <summary>Section 3.4.1.2.</summary>
    public string BaseUri => $"{Scheme.ToLowerInvariant()}://{Host.ToLowerInvariant()}{Path}";

    public static SignedUrl Of(Uri publicBase, string path) =>
        new(publicBase.Scheme, publicBase.IsDefaultPort ? publicBase.Host : $"{publicBase.Host}:{publicBase.Port}", publicBase.AbsolutePath.TrimEnd('/') + path);

    /// <summary>The URL that the caller used, as far as this host knows it.</summary>
    public static SignedUrl Of(HttpRequest request, string path)
    {
        var isDefault = request.Host.Port is not { } port || port == (request.Scheme == Uri.UriSchemeHttps ? 443 : 80);
        return new SignedUrl(request.Scheme, isDefault ? request.Host.Host : request.Host.Value!, path);
    }
}
