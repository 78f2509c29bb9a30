using System.Globalization;
using System.Text.RegularExpressions;

namespace MtlsFunctions.Authorization.OAuth;

/// <summary>What an <c>Authorization: OAuth …</c> header says (RFC 5849 section 3.5.1), decoded.</summary>
/// <param name="ToSign">The parameters that count for the signature: all but <c>realm</c> and the signature itself.</param>
public sealed partial record OAuthHeader(
    IReadOnlyList<SignedParameter> ToSign, string ConsumerKey, string Token, string SignatureMethod, DateTimeOffset Timestamp, string Nonce, byte[] Signature)
{
    public const string Scheme = "OAuth ";
    private const string BodyHashName = "oauth_body_hash";
    private const int MaxLength = 4096;
    private const int MaxNonce = 256;
    private const string Realm = "realm";
    private const string SignatureName = "oauth_signature";

    /// <summary>The signed hash of the body in base64; null where none was sent.</summary>
    public string? BodyHash { get; private init; }

    /// <returns>Null for anything but one complete set of parameters with a supported method: which part is wrong helps only attackers. What isn't UTF-8 once it is decoded is none.</returns>
    public static OAuthHeader? Parse(string header)
    {
        if (header.Length > MaxLength || Split(header[Scheme.Length..]) is not { } all)
            return null;
        var signed = all.Where(parameter => parameter.Key != Realm)
            .Select(parameter => SignedParameter.OfHeader(parameter.Key, parameter.Value)).ToList();
        // What is used is read from what is signed, so that no two spellings of one signed value are two values.
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in signed)
        {
            if (PercentEncoding.Decode(parameter.Value) is not { } value)
                return null;
            values[parameter.Name] = value;
        }

        string Value(string name) => values.GetValueOrDefault($"oauth_{name}", "");
        var signature = new byte[64];
        if (Value("consumer_key").Length == 0 || Value("token").Length == 0
            || Value("nonce").Length is 0 or > MaxNonce
            || Value("signature_method") is not (OAuthSignature.HmacSha1 or OAuthSignature.HmacSha256)
            || Value("version") is not ("" or "1.0")
            || !long.TryParse(Value("timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || !Convert.TryFromBase64String(Value("signature"), signature, out var length) || length == 0)
            return null;
        return new OAuthHeader([.. signed.Where(parameter => parameter.Name != SignatureName)], Value("consumer_key"), Value("token"),
            Value("signature_method"), DateTimeOffset.FromUnixTimeSeconds(seconds), Value("nonce"), signature[..length])
        {
            BodyHash = values.GetValueOrDefault(BodyHashName),
        };
    }

    // Names and encoded values. A parameter named twice would let two readers see two different requests.
    private static Dictionary<string, string>? Split(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var end = 0;
        foreach (Match part in Parameter().Matches(text))
        {
            end = part.Index + part.Length;
            if (!parameters.TryAdd(part.Groups["name"].Value, part.Groups["value"].Value))
                return null;
        }

        return end == text.Length ? parameters : null;
    }

    // Each begins where the one before ended. A realm may hold commas; names of parameters need no encoding.
    [GeneratedRegex("""\G\s*(?<name>[A-Za-z0-9._~-]+)\s*=\s*"(?<value>[^"]*)"\s*(,|\z)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Parameter();
}
