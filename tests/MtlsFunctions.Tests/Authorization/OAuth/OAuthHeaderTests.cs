using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Tests.Authorization.OAuth;

/// <summary>RFC 5849 section 3.5.1, and what we want beyond it.</summary>
public sealed class OAuthHeaderTests
{
    private const string Rest = """oauth_signature_method="HMAC-SHA1", oauth_timestamp="1700000000", oauth_nonce="n", oauth_signature="YQ==" """;
    private const string Good = $"""OAuth oauth_consumer_key="demo.1", oauth_token="t", {Rest}""";

    [Fact]
    public void A_whole_header_tells_everything_decoded()
    {
        var header = OAuthHeader.Parse(Good.Replace("YQ==", "YQ%3D%3D", StringComparison.Ordinal).Replace("\"n\"", "\"%C3%A4+%2B\"", StringComparison.Ordinal))!;

        Assert.Equal(("demo.1", "t", "HMAC-SHA1", "ä++"), (header.ConsumerKey, header.Token, header.SignatureMethod, header.Nonce));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), header.Timestamp);
        Assert.Equal("a"u8.ToArray(), header.Signature);
        Assert.Contains(new SignedParameter("oauth_nonce", "%C3%A4%2B%2B"), header.ToSign);
    }

    [Fact]
    public void All_but_realm_and_signature_is_signed() => Assert.Equal(
        ["extra", "oauth_consumer_key", "oauth_nonce", "oauth_signature_method", "oauth_timestamp", "oauth_token", "oauth_version"],
        OAuthHeader.Parse($"""{Good}, oauth_version="1.0", realm="x", extra="" """)!.ToSign.Select(parameter => parameter.Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("OAuth ", "oauth ")]
    [InlineData("OAuth ", "OAuth    ")]
    [InlineData(", ", ",")]
    [InlineData(", ", " ,\t")]
    [InlineData("=\"", " = \"")]
    [InlineData("OAuth ", "OAuth realm=\"Photos, and more\", ")]
    [InlineData("OAuth ", "OAuth realm=\"\",")]
    [InlineData("\"n\"", "\"n+/=\"")]
    [InlineData("HMAC-SHA1", "HMAC-SHA256")]
    [InlineData("OAuth ", "OAuth oauth_version=\"1.0\",")]
    [InlineData("OAuth ", "OAuth oauth_callback=\"\",")]
    public void Other_ways_of_writing_it_are_understood(string part, string otherwise) =>
        Assert.NotNull(OAuthHeader.Parse(Good.Replace(part, otherwise, StringComparison.Ordinal)));

    [Theory]
    [InlineData("oauth_consumer_key=\"demo.1\", ", "")]
    [InlineData("oauth_token=\"t\", ", "")]
    [InlineData("oauth_nonce=\"n\", ", "")]
    [InlineData("oauth_timestamp=\"1700000000\", ", "")]
    [InlineData("oauth_signature_method=\"HMAC-SHA1\", ", "")]
    [InlineData(", oauth_signature=\"YQ==\"", "")]
    [InlineData("\"demo.1\"", "\"\"")]
    [InlineData("\"t\"", "\"\"")]
    [InlineData("\"n\"", "\"\"")]
    [InlineData("HMAC-SHA1", "PLAINTEXT")]
    [InlineData("HMAC-SHA1", "RSA-SHA1")]
    [InlineData("HMAC-SHA1", "hmac-sha1")]
    [InlineData("HMAC-SHA1", "HMAC-SHA512")]
    [InlineData("1700000000", "")]
    [InlineData("1700000000", "-1700000000")]
    [InlineData("1700000000", "+1700000000")]
    [InlineData("1700000000", "1700000000.5")]
    [InlineData("1700000000", " 1700000000")]
    [InlineData("1700000000", "1e9")]
    [InlineData("1700000000", "0x65")]
    [InlineData("1700000000", "١٧")]
    [InlineData("1700000000", "253402300800")]
    [InlineData("1700000000", "9223372036854775808")]
    [InlineData("YQ==", "YQ")]
    [InlineData("YQ==", "?")]
    [InlineData("oauth_token", "oauth_nonce")]
    [InlineData("oauth_token", "OAUTH_TOKEN")]
    [InlineData("oauth_token", "oauth%5Ftoken")]
    [InlineData("OAuth ", "OAuth oauth_version=\"1.1\",")]
    [InlineData("OAuth ", "OAuth oauth_version=\"2.0\",")]
    [InlineData("OAuth ", "OAuth realm=\"a\", realm=\"b\",")]
    [InlineData("OAuth ", "OAuth oauth_token=\"t\",")]
    [InlineData("\"t\"", "t")]
    [InlineData("\"t\"", "'t'")]
    [InlineData("\"t\"", "\"t")]
    [InlineData("\"t\"", "\"t\"\"")]
    [InlineData(", ", "; ")]
    [InlineData(", ", "&")]
    [InlineData(", ", " ")]
    [InlineData("oauth_token=", "=")]
    [InlineData("oauth_token=", "oauth_token")]
    public void Anything_incomplete_ambiguous_or_weaker_is_refused(string part, string otherwise)
    {
        var header = Good.Replace(part, otherwise, StringComparison.Ordinal);

        Assert.NotEqual(Good, header);
        Assert.Null(OAuthHeader.Parse(header));
    }

    [Theory]
    [InlineData("oauth_nonce=\"n\"", "oauth_nonce=\"%FF%FE%FD%FC\"")]
    [InlineData("oauth_nonce=\"n\"", "oauth_nonce=\"%ff%fe%fd%fc\"")]
    [InlineData("oauth_nonce=\"n\"", "oauth_nonce=\"%C3\"")]
    [InlineData("oauth_nonce=\"n\"", "oauth_nonce=\"%ED%A0%80\"")]
    [InlineData("oauth_nonce=\"n\"", "oauth_nonce=\"%C0%80\"")]
    [InlineData("oauth_token=\"t\"", "oauth_token=\"%FF\"")]
    [InlineData("OAuth ", "OAuth other=\"%FF\", ")]
    public void What_is_not_UTF_8_is_refused(string part, string otherwise) =>
        Assert.Null(OAuthHeader.Parse(Good.Replace(part, otherwise, StringComparison.Ordinal)));

    [Theory]
    [InlineData("%C3%A4%41")]
    [InlineData("%c3%a4A")]
    [InlineData("%C3%a4%41")]
    [InlineData("\u00e4A")]
    public void However_a_nonce_is_spelt_it_is_the_nonce_that_is_signed(string spelling)
    {
        var header = OAuthHeader.Parse(Good.Replace("oauth_nonce=\"n\"", $"oauth_nonce=\"{spelling}\"", StringComparison.Ordinal))!;

        Assert.Equal("\u00e4A", header.Nonce);
        Assert.Contains(new SignedParameter("oauth_nonce", "%C3%A4A"), header.ToSign);
    }

    [Fact]
    public void Its_length_its_nonce_and_its_signature_are_bounded()
    {
        Assert.NotNull(OAuthHeader.Parse(Good.Replace("\"n\"", $"\"{new string('n', 256)}\"", StringComparison.Ordinal)));
        Assert.Null(OAuthHeader.Parse(Good.Replace("\"n\"", $"\"{new string('n', 257)}\"", StringComparison.Ordinal)));
        Assert.Null(OAuthHeader.Parse(Good.Replace("YQ==", Convert.ToBase64String(new byte[65]), StringComparison.Ordinal)));
        Assert.Null(OAuthHeader.Parse($"""{Good}, extra="{new string('x', 4096)}" """));
    }

    [Theory]
    [InlineData("demo.1", "demo", 1L)]
    [InlineData("le1606809.9007199254740991", "le1606809", 9007199254740991L)]
    public void A_consumer_key_names_its_account_and_its_id(string key, string account, long id)
    {
        var parsed = ConsumerKey.Parse(key);

        Assert.Equal((account, id, key), (parsed?.Account.Value, parsed?.Id, ConsumerKey.Of(account, id)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("demo")]
    [InlineData("demo.")]
    [InlineData(".1")]
    [InlineData("demo.x")]
    [InlineData("demo.-1")]
    [InlineData("demo. 1")]
    [InlineData("demo.1.1")]
    [InlineData("demo.9223372036854775808")]
    [InlineData("de mo.1")]
    [InlineData("dämo.1")]
    [InlineData("../demo.1")]
    [InlineData("@gateway.1")]
    public void What_is_no_consumer_key_of_ours_names_nobody(string key) => Assert.Null(ConsumerKey.Parse(key));
}
