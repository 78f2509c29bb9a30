using Microsoft.AspNetCore.Http;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Tests.Forwarding;

public sealed class ForwardRequestTests
{
    private const string Url = "https://a.example/x?y";

    [Fact]
    public void Only_the_url_is_needed()
    {
        var forward = The.Of(Read(("LP-forward-url", Url)));
        Assert.Equal((Url, null, 0, false), (forward.Target.Text, forward.Service, forward.AuthorizationOverride.Count, forward.StopWithoutCertificate));
    }

    [Fact]
    public void Names_are_read_in_any_case_and_a_service_by_its_id_too()
    {
        var forward = The.Of(Read(("lp-FORWARD-url", Url), ("LP-SERVICE-NAME", "3"), ("lp-authorization-override", "Basic abc"), ("LP-Stop-If-Certificate-Not-Found", "TRUE")));
        Assert.Equal(("FAAS", "Basic abc", true), (forward.Service!.Name, forward.AuthorizationOverride.ToString(), forward.StopWithoutCertificate));
    }

    [Fact]
    public void A_missing_an_empty_and_a_second_url_are_refused()
    {
        Assert.All(
            [Read(), Read(("LP-forward-url", "")), Read(("LP-forward-url", Url), ("LP-forward-url", "https://b.example/"))],
            read => Assert.Contains("LP-forward-url", The.FailureOf(FailureKind.RequestInvalid, read).Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void A_bad_url_and_an_unknown_service_name_the_header_that_holds_them()
    {
        Assert.Contains("LP-forward-url", The.FailureOf(FailureKind.UrlInvalid, Read(("LP-forward-url", "http://a.example/"))).Detail, StringComparison.Ordinal);
        Assert.Contains("LP-service-name", The.FailureOf(FailureKind.ServiceUnknown, Read(("LP-forward-url", Url), ("LP-service-name", "NOBODY"))).Detail, StringComparison.Ordinal);
        The.FailureOf(FailureKind.ServiceUnknown, Read(("LP-forward-url", Url), ("LP-service-name", "")));
        The.FailureOf(FailureKind.ServiceUnknown, Read(("LP-forward-url", Url), ("LP-service-name", "IDP"), ("LP-service-name", "FAAS")));
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("False", false)]
    [InlineData("true", true)]
    [InlineData(" true ", true)]
    public void Stop_is_true_or_false(string text, bool stop) =>
        Assert.Equal(stop, The.Of(Read(("LP-forward-url", Url), ("LP-stop-if-certificate-not-found", text))).StopWithoutCertificate);

    [Theory]
    [InlineData("")]
    [InlineData("yes")]
    [InlineData("1")]
    [InlineData("tru")]
    [InlineData("true,true")]
    public void A_stop_that_is_not_understood_does_not_mean_go_on(string text) =>
        The.FailureOf(FailureKind.RequestInvalid, Read(("LP-forward-url", Url), ("LP-stop-if-certificate-not-found", text)));

    [Fact]
    public void Two_words_about_stopping_are_refused() => The.FailureOf(
        FailureKind.RequestInvalid, Read(("LP-forward-url", Url), ("LP-stop-if-certificate-not-found", "true"), ("LP-stop-if-certificate-not-found", "false")));

    [Theory]
    [InlineData("websocket")]
    [InlineData("WebSocket")]
    [InlineData("SPDY/3.1")]
    [InlineData("h2c, websocket")]
    [InlineData("foo/2")]
    public void An_upgrade_is_refused(string protocol) => The.FailureOf(FailureKind.UpgradeRefused, Read(("LP-forward-url", Url), ("Upgrade", protocol)));

    [Theory]
    [InlineData("h2c")]
    [InlineData("H2C")]
    public void The_offer_to_speak_HTTP_2_may_be_passed_over(string protocol) => The.Of(Read(("LP-forward-url", Url), ("Upgrade", protocol)));

    private static Outcome<ForwardRequest> Read(params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        foreach (var (name, value) in headers)
            context.Request.Headers.Append(name, value);
        if (headers.FirstOrDefault(header => header.Value.Length == 0) is { Name: { } empty })
            context.Request.Headers[empty] = "";
        return ForwardRequest.Read(context.Request);
    }
}
