using System.Text;
using Microsoft.AspNetCore.Http;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Tests.Authorization.OAuth;

/// <summary>Signature base strings beyond the RFC's examples.</summary>
public sealed class BaseStringTests
{
    private static readonly SignedUrl Url = new("https", "gateway.example", "/mtls");

    [Theory]
    [InlineData("", "")]
    [InlineData("b=1&a=1", "a=1&b=1")]
    [InlineData("a=2&a=1&a=10", "a=1&a=10&a=2")]
    [InlineData("a=1&a=1", "a=1&a=1")]
    [InlineData("a&b=&=c", "=c&a=&b=")]
    [InlineData("a=b=c", "a=b%3Dc")]
    [InlineData("&&a=1&", "a=1")]
    [InlineData("z=p&a=x+y&a=x%20y", "a=x%20y&a=x%20y&z=p")]
    [InlineData("a1=1&a=1&A=1&%61b=1", "A=1&a=1&a1=1&ab=1")]
    [InlineData("%C3%A4=1&z=1&~=1&Z=1&_=1&%2B=1", "%2B=1&%C3%A4=1&Z=1&_=1&z=1&~=1")]
    [InlineData("a%26b=1%3D2", "a%26b=1%3D2")]
    [InlineData("realm=x&oauth_signature=y", "oauth_signature=y&realm=x")]
    public void Parameters_are_decoded_encoded_and_sorted_by_bytes(string query, string normalized) => Assert.Equal(
        $"GET&https%3A%2F%2Fgateway.example%2Fmtls&{PercentEncoding.Encode(normalized)}",
        OAuthSignature.BaseString("get", Url, SignedParameter.OfForm(Encoding.UTF8.GetBytes(query))));

    [Theory]
    [InlineData("http", "gateway.example", "http://gateway.example/x")]
    [InlineData("http", "gateway.example:80", "http://gateway.example/x")]
    [InlineData("http", "gateway.example:443", "http://gateway.example:443/x")]
    [InlineData("https", "gateway.example:443", "https://gateway.example/x")]
    [InlineData("https", "gateway.example:80", "https://gateway.example:80/x")]
    [InlineData("HTTPS", "Gateway.Example:7071", "https://gateway.example:7071/x")]
    [InlineData("http", "127.0.0.1:7071", "http://127.0.0.1:7071/x")]
    [InlineData("http", "[::1]:7071", "http://[::1]:7071/x")]
    [InlineData("http", "[::1]:80", "http://[::1]/x")]
    public void The_port_counts_unless_it_is_the_schemes_own(string scheme, string host, string uri)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = (scheme, new HostString(host));

        Assert.Equal(uri, SignedUrl.Of(request, "/x").BaseUri);
    }

    [Theory]
    [InlineData("https://mtls.example.com", "https://mtls.example.com/x%2Fy")]
    [InlineData("https://MTLS.example.com:443/", "https://mtls.example.com/x%2Fy")]
    [InlineData("https://mtls.example.com:8443", "https://mtls.example.com:8443/x%2Fy")]
    [InlineData("https://example.com/Gateways/mtls/", "https://example.com/Gateways/mtls/x%2Fy")]
    public void The_public_base_url_stands_before_the_path_as_it_was_sent(string configured, string uri) =>
        Assert.Equal(uri, SignedUrl.Of(new Uri(configured), "/x%2Fy").BaseUri);

    [Theory]
    [InlineData("HMAC-SHA1", "", "", "dX9mCZMmHSlQtsYC2roVtkexE78=")]
    [InlineData("HMAC-SHA1", "s&1", "ü", "qulTiEBdv2/Ps7Rdjd1qjkwOmaA=")]
    [InlineData("HMAC-SHA256", "s&1", "ü", "Fa6RaFEymOJcmYVarFazQuo+ScGR6ScRxEvf3Ats7Y0=")]
    public void Secrets_are_encoded_and_their_ampersand_is_always_there(string method, string consumerSecret, string tokenSecret, string signature) =>
        Assert.Equal(signature, Convert.ToBase64String(OAuthSignature.Sign(method, "text", consumerSecret, tokenSecret)));

    [Theory]
    [InlineData("PLAINTEXT")]
    [InlineData("RSA-SHA1")]
    [InlineData("hmac-sha1")]
    [InlineData("")]
    public void No_other_method_signs(string method) => Assert.Throws<ArgumentException>(() => OAuthSignature.Sign(method, "text", "a", "b"));
}
