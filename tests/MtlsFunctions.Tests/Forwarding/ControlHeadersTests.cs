using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Tests.Forwarding;

public sealed class ControlHeadersTests
{
    [Theory]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Connection")]
    [InlineData("Proxy-Authenticate")]
    [InlineData("Proxy-Authorization")]
    [InlineData("Proxy-Authentication-Info")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Upgrade")]
    [InlineData("HTTP2-Settings")]
    public void What_belongs_to_one_connection_goes_neither_way(string name)
    {
        Assert.All(Spellings(name), spelled => Assert.False(ControlHeaders.GoesUpstream(spelled)));
        Assert.All(Spellings(name), spelled => Assert.False(ControlHeaders.GoesDownstream(spelled)));
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("Authorization")]
    [InlineData("LP-forward-url")]
    [InlineData("LP-service-name")]
    [InlineData("LP-authorization-override")]
    [InlineData("LP-stop-if-certificate-not-found")]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Proto")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("X-Forwarded-TlsVersion")]
    [InlineData("X-Original-Proto")]
    [InlineData("X-Original-Host")]
    [InlineData("X-Original-For")]
    [InlineData("X-Original-URL")]
    [InlineData("X-ARR-SSL")]
    [InlineData("X-ARR-LOG-ID")]
    [InlineData("X-ARR-ClientCert")]
    [InlineData("X-MS-INVOCATION-ID")]
    [InlineData("X-MS-CLIENT-PRINCIPAL")]
    [InlineData("X-WAWS-Unencoded-URL")]
    [InlineData("X-SITE-DEPLOYMENT-ID")]
    [InlineData("X-AppService-Proto")]
    [InlineData("X-Azure-FDID")]
    [InlineData("DISGUISED-HOST")]
    [InlineData("WAS-DEFAULT-HOSTNAME")]
    [InlineData("CLIENT-IP")]
    [InlineData("MAX-FORWARDS")]
    public void What_is_ours_or_the_platforms_stays_on_our_side(string name) =>
        Assert.All(Spellings(name), spelled => Assert.False(ControlHeaders.GoesUpstream(spelled)));

    [Theory]
    [InlineData("LP-response-origin")]
    [InlineData("LP-message-from-transport")]
    [InlineData("LP-error-from-transport")]
    public void A_remote_cannot_speak_for_the_gateway(string name) =>
        Assert.All(Spellings(name), spelled => Assert.False(ControlHeaders.GoesDownstream(spelled)));

    [Theory]
    [InlineData("x-liveperson-signature")]
    [InlineData("X-Request-Id")]
    [InlineData("X-Forwarded")]
    [InlineData("X-Originality")]
    [InlineData("Content-Type")]
    [InlineData("Content-Length")]
    [InlineData("Cookie")]
    [InlineData("Set-Cookie")]
    [InlineData("Location")]
    [InlineData("Accept-Encoding")]
    [InlineData("Expect")]
    [InlineData("User-Agent")]
    [InlineData("Via")]
    [InlineData("traceparent")]
    [InlineData("LP-anything-else")]
    [InlineData("X-Authorization")]
    [InlineData("Hosting")]
    public void Everything_else_goes_through(string name)
    {
        Assert.All(Spellings(name), spelled => Assert.True(ControlHeaders.GoesUpstream(spelled)));
        Assert.All(Spellings(name), spelled => Assert.True(ControlHeaders.GoesDownstream(spelled)));
    }

    private static string[] Spellings(string name) => [name, name.ToUpperInvariant(), name.ToLowerInvariant()];
}
