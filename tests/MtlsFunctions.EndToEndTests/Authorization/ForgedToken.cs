using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>A token taken apart, changed, and put together again by somebody who lacks the issuer's key.</summary>
public sealed record ForgedToken(JsonObject Header, JsonObject Claims, string Signature)
{
    public static ForgedToken From(string token)
    {
        var parts = token.Split('.');
        return new ForgedToken(Parse(parts[0]), Parse(parts[1]), parts[2]);
    }

    public string SigningInput => $"{Base64UrlEncoder.Encode(Header.ToJsonString())}.{Base64UrlEncoder.Encode(Claims.ToJsonString())}";

    public ForgedToken WithHeader(string name, JsonNode? value) => this with { Header = With(Header, name, value) };

    public ForgedToken WithClaim(string name, JsonNode? value) => this with { Claims = With(Claims, name, value) };

    public ForgedToken SignedBy(Func<byte[], byte[]> sign) =>
        this with { Signature = Base64UrlEncoder.Encode(sign(Encoding.ASCII.GetBytes(SigningInput))) };

    public override string ToString() => $"{SigningInput}.{Signature}";

    private static JsonObject Parse(string part) => JsonNode.Parse(Base64UrlEncoder.Decode(part))!.AsObject();

    private static JsonObject With(JsonObject from, string name, JsonNode? value)
    {
        var copy = from.DeepClone().AsObject();
        copy[name] = value;
        return copy;
    }
}
