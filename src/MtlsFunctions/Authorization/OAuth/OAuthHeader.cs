using System.Globalization;

namespace MtlsFunctions.Authorization.OAuth;

/// <summary>The parameters of an <c>Authorization: OAuth …</c> header (RFC 5849 section 3.5.1), decoded.</summary>
public sealed record OAuthHeader(
    IReadOnlyDictionary<string, string> Parameters, string ConsumerKey, string Token, string SignatureMethod, DateTimeOffset Timestamp, string Nonce, byte[] Signature)
{
    public const string Scheme = "OAuth ";
    private const int MaxLength = 4096;
    private const int MaxNonce = 256;

    /// <returns>Null for anything but one complete set of parameters with a supported method: which part is wrong helps only attackers.</returns>
    public static OAuthHeader? Parse(string header)
    {
        if (header.Length > MaxLength || Split(header[Scheme.Length..]) is not { } all)
            return null;
        string Value(string name) => all.GetValueOrDefault($"oauth_{name}", "");
        var signature = new byte[64];
        if (Value("consumer_key").Length == 0 || Value("token").Length == 0
            || Value("nonce").Length is 0 or > MaxNonce
            || Value("signature_method") is not (OAuthSignature.HmacSha1 or OAuthSignature.HmacSha256)
            || Value("version") is not ("" or "1.0")
            || !long.TryParse(Value("timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || !Convert.TryFromBase64String(Value("signature"), signature, out var length))
            return null;
        return new OAuthHeader(all, Value("consumer_key"), Value("token"), Value("signature_method"),
            DateTimeOffset.FromUnixTimeSeconds(seconds), Value("nonce"), signature[..length]);
    }

    // A parameter named twice would let two readers see two different requests.
    private static Dictionary<string, string>? Split(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var separator = part.IndexOf('=', StringComparison.Ordinal);
            if (separator <= 0 || part.Length < separator + 3 || part[separator + 1] != '"' || part[^1] != '"')
                return null;
            var name = PercentEncoding.Decode(part[..separator].TrimEnd(), plusIsSpace: false);
            if (!parameters.TryAdd(name, PercentEncoding.Decode(part[(separator + 2)..^1], plusIsSpace: false)))
                return null;
        }

        return parameters;
    }
}
