using System.Text;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Tests.Authorization.OAuth;

/// <summary>The examples that RFC 5849 itself gives, byte for byte.</summary>
public sealed class Rfc5849ExampleTests
{
    private const string ClientSecret = "kd94hf93k423kf44";

    /// <summary>Section 1.2: the request for a photo.</summary>
    private const string PhotoHeader = """
        OAuth realm="Photos",
            oauth_consumer_key="dpf43f3p2l4k3l03",
            oauth_token="nnch734d00sl2jdk",
            oauth_signature_method="HMAC-SHA1",
            oauth_timestamp="137131202",
            oauth_nonce="chapoH",
            oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"
        """;

    /// <summary>Section 3.4.1.1.</summary>
    private const string BaseStringHeader = """
        OAuth realm="Example",
            oauth_consumer_key="9djdj82h48djs9d2",
            oauth_token="kkk9d7dh3k39sjv7",
            oauth_signature_method="HMAC-SHA1",
            oauth_timestamp="137131201",
            oauth_nonce="7d8f3e4a",
            oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"
        """;

    [Fact]
    public void Section_1_2_the_signature_of_the_request_for_a_photo_is_the_one_that_stands_in_its_header()
    {
        var header = OAuthHeader.Parse(PhotoHeader)!;
        var text = OAuthSignature.BaseString(
            "GET", new SignedUrl("http", "photos.example.net", "/photos"), [.. header.ToSign, .. Form("file=vacation.jpg&size=original")]);

        Assert.Equal(header.Signature, OAuthSignature.Sign(header.SignatureMethod, text, ClientSecret, "pfkkdhi9sl3r4s00"));
    }

    [Theory]
    [InlineData("/initiate", "74KNZJeDHnMBp0EMJ9ZHt/XKycU=", "", "oauth_consumer_key=dpf43f3p2l4k3l03&oauth_signature_method=HMAC-SHA1"
        + "&oauth_timestamp=137131200&oauth_nonce=wIjqoS&oauth_callback=http%3A%2F%2Fprinter.example.com%2Fready")]
    [InlineData("/token", "gKgrFCywp7rO0OXSjdot/IHF7IU=", "hdhd0244k9j7ao03", "oauth_consumer_key=dpf43f3p2l4k3l03&oauth_token=hh5s93j4hdidpola"
        + "&oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131201&oauth_nonce=walatlh&oauth_verifier=hfdp7dh39dks9884")]
    public void Section_1_2_the_signatures_of_its_other_requests_are_those_that_stand_there(string path, string signature, string tokenSecret, string parameters)
    {
        var text = OAuthSignature.BaseString("POST", new SignedUrl("https", "photos.example.net", path), Form(parameters));

        Assert.Equal(signature, Convert.ToBase64String(OAuthSignature.Sign("HMAC-SHA1", text, ClientSecret, tokenSecret)));
    }

    [Fact]
    public void Section_3_4_1_1_the_base_string_is_the_one_that_stands_there()
    {
        var text = BaseStringOfSection341();

        Assert.Equal(
            "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q"
            + "%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_"
            + "key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_m"
            + "ethod%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk"
            + "9d7dh3k39sjv7",
            text);
    }

    [Fact]
    public void Section_3_4_1_1_the_signature_is_the_one_of_its_erratum_2550()
    {
        // The RFC names no secrets, and no secrets lead to what it prints; its erratum gives both.
        var signature = OAuthSignature.Sign("HMAC-SHA1", BaseStringOfSection341(), "j49sk3j29djd", "dh893hdasih9");

        Assert.Equal("r6/TJjbCOr97/+UU0NsvSne7s5g=", Convert.ToBase64String(signature));
    }

    [Theory]
    [InlineData("http", "EXAMPLE.COM:80", "/r%20v/X", "http://example.com/r%20v/X")]
    [InlineData("https", "www.example.net:8080", "/", "https://www.example.net:8080/")]
    public void Section_3_4_1_2_the_base_string_uri_is_the_one_that_stands_there(string scheme, string host, string path, string expected)
    {
        var request = new Microsoft.AspNetCore.Http.DefaultHttpContext().Request;
        (request.Scheme, request.Host) = (scheme, new(host));

        Assert.Equal(expected, SignedUrl.Of(request, path).BaseUri);
    }

    [Fact]
    public void Section_3_4_1_3_2_the_parameters_are_encoded_as_they_stand_there() => Assert.Equal(
        [("b5", "%3D%253D"), ("a3", "a"), ("c%40", ""), ("a2", "r%20b"), ("c2", ""), ("a3", "2%20q")],
        Form("b5=%3D%253D&a3=a&c%40=&a2=r%20b").Concat(Form("c2&a3=2+q")).Select(parameter => (parameter.Name, parameter.Value)));

    private static string BaseStringOfSection341() => OAuthSignature.BaseString(
        "POST", new SignedUrl("http", "example.com", "/request"),
        [.. Form("b5=%3D%253D&a3=a&c%40=&a2=r%20b"), .. OAuthHeader.Parse(BaseStringHeader)!.ToSign, .. Form("c2&a3=2+q")]);

    private static IEnumerable<SignedParameter> Form(string text) => SignedParameter.OfForm(Encoding.ASCII.GetBytes(text));
}
