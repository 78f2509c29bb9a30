using System.IO.Pipelines;
using System.Text;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Tests.Authorization.OAuth;

/// <summary>Which signed requests are let in.</summary>
public sealed class AppKeyRequestsTests
{
    private const string Form = "application/x-www-form-urlencoded";

    private readonly AppKeyCall call = new();

    [Theory]
    [InlineData("HMAC-SHA1")]
    [InlineData("HMAC-SHA256")]
    public async Task A_good_signature_is_let_in_once(string method)
    {
        var header = call.Sign(method: method);

        await call.AdmitsAsync(header);
        await call.RefusesAsync(header);
    }

    [Fact]
    public async Task A_replay_with_its_parameters_in_another_order_is_still_a_replay()
    {
        var header = call.Sign();
        await call.AdmitsAsync(header);

        await call.RefusesAsync("OAuth realm=\"other\", " + string.Join(", ", header["OAuth ".Length..].Split(", ").Reverse()));
    }

    [Fact]
    public async Task A_replay_with_another_spelling_of_its_nonce_is_still_a_replay()
    {
        call.Nonce = "a%2Fb%5Dc";
        var header = call.Sign();
        await call.AdmitsAsync(header);

        var spellings = from slash in (string[])["%2F", "%2f", "/"]
                        from bracket in (string[])["%5D", "%5d", "]"]
                        from letter in (string[])["c", "%63"]
                        select $"a{slash}b{bracket}{letter}";
        foreach (var spelling in spellings)
            await call.RefusesAsync(header.Replace(call.Nonce, spelling, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_nonce_that_is_not_UTF_8_is_never_let_in()
    {
        call.Nonce = "%FF%FE%FD%FC";
        var header = call.Sign();

        await call.RefusesAsync(header);
        await call.RefusesAsync(header.Replace("%FF", "%fF", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(100_000_000, false)]
    public async Task A_timestamp_counts_within_the_window_to_the_second(int secondsAgo, bool letIn)
    {
        var header = call.Sign(ago: TimeSpan.FromSeconds(secondsAgo));

        Assert.Equal(letIn, await call.SendAsync(header) is null);
        Assert.Equal(letIn ? 1 : 0, call.Lookups);
    }

    [Fact]
    public async Task A_header_that_waited_until_its_window_was_over_is_too_late()
    {
        var header = call.Sign();
        call.Clock.Advance(new OAuthOptions().TimestampWindow + TimeSpan.FromSeconds(1));

        await call.RefusesAsync(header);
    }

    [Theory]
    [InlineData("https://elsewhere.example/mtls/account/demo/certificates?a=1")]
    [InlineData("https://gateway.example:8443/mtls/account/demo/certificates?a=1")]
    [InlineData("https://gateway.example/mtls/account/demo/mappings?a=1")]
    [InlineData("https://gateway.example/mtls/account/demo/certificates/?a=1")]
    [InlineData("https://gateway.example/MTLS/account/demo/certificates?a=1")]
    [InlineData("https://gateway.example/mtls/account/demo/certificates")]
    [InlineData("https://gateway.example/mtls/account/demo/certificates?a=2")]
    [InlineData("https://gateway.example/mtls/account/demo/certificates?a=1&a=1")]
    [InlineData("https://gateway.example/mtls/account/demo/certificates?A=1")]
    public async Task A_signature_over_another_url_does_not_hold(string url) => await call.RefusesAsync(call.Sign(url));

    [Theory]
    [InlineData("elsewhere.example")]
    [InlineData("gateway.example:8080")]
    [InlineData("gateway.example.evil.example")]
    public async Task What_was_signed_for_another_host_does_not_hold_here_though_the_request_names_it(string host)
    {
        call.Host = host;

        await call.RefusesAsync(call.Sign());
        Assert.Equal(0, call.Lookups);
    }

    [Theory]
    [InlineData("gateway.example:443")]
    [InlineData("GATEWAY.example")]
    public async Task The_port_of_the_scheme_and_large_letters_make_no_other_host(string host)
    {
        call.Host = host;

        await call.AdmitsAsync(call.Sign("https://gateway.example" + call.Target));
    }

    [Theory]
    [InlineData("/mtls/account%2Fdemo/certificates", "/mtls/account/demo/certificates")]
    [InlineData("/mtls/account/demo/certificates", "/mtls/account%2Fdemo/certificates")]
    [InlineData("/mtls/account/x/../demo/certificates", "/mtls/account/demo/certificates")]
    [InlineData("/mtls/./account/demo/certificates", "/mtls/account/demo/certificates")]
    [InlineData("/mtls/account/d%65mo/certificates", "/mtls/account/demo/certificates")]
    [InlineData("/mtls//account/demo/certificates", "/mtls/account/demo/certificates")]
    public async Task A_path_must_be_signed_in_the_spelling_in_which_it_is_sent(string sent, string other)
    {
        call.Target = sent;

        await call.AdmitsAsync(call.Sign());
        await call.RefusesAsync(call.Sign($"https://gateway.example{other}"));
    }

    [Theory]
    [InlineData("realm")]
    [InlineData("oauth_signature")]
    [InlineData("oauth_token")]
    [InlineData("oauth_anything")]
    public async Task No_name_keeps_a_query_parameter_out_of_the_signature(string name)
    {
        var header = call.Sign();
        var signed = call.Target;
        call.Target = $"{signed}&{name}=added";

        await call.RefusesAsync(header);
        await call.AdmitsAsync(call.Sign());
    }

    [Theory]
    [InlineData("a=%FF", "a=%25FF")]
    [InlineData("a=%C3%28", "a=%25C3%28")]
    [InlineData("a=%FF", "a=%FE")]
    public async Task Bytes_that_are_not_UTF_8_cannot_be_exchanged_for_others(string before, string sent)
    {
        call.Target = $"/mtls?{sent}";
        await call.RefusesAsync(call.Sign($"https://gateway.example/mtls?{before}"));
        await call.AdmitsAsync(call.Sign());
    }

    [Theory]
    [InlineData(Form, "a=1&b=x+y", true)]
    [InlineData("Application/X-WWW-Form-Urlencoded; charset=utf-8", "b=x%20y&a=1", true)]
    [InlineData(Form, "a=1&b=x", false)]
    [InlineData(Form, "a=1", false)]
    [InlineData(Form, "", false)]
    [InlineData(Form, "a=1&b=x+y&c", false)]
    [InlineData("application/json", "a=1&b=x+y", false)]
    [InlineData("application/x-www-form-urlencoded-not", "a=1&b=x+y", false)]
    [InlineData(null, "a=1&b=x+y", false)]
    public async Task A_form_counts_as_signed_exactly_when_it_is_one(string? type, string sent, bool letIn)
    {
        (call.Method, call.ContentType, call.Body) = ("POST", type, AsReceived(sent));

        Assert.Equal(letIn, await call.SendAsync(call.Sign(form: "a=1&b=x+y")) is null);
    }

    [Fact]
    public async Task A_body_that_is_no_form_is_not_read()
    {
        var body = new MemoryStream("{}"u8.ToArray());
        (call.Method, call.ContentType, call.Body) = ("POST", "application/json", body);

        await call.AdmitsAsync(call.Sign());

        Assert.Equal(0, body.Position);
    }

    [Fact]
    public async Task A_form_over_a_megabyte_is_too_large_to_be_signed()
    {
        (call.Method, call.ContentType) = ("POST", Form);
        var form = "a=" + new string('x', 1024 * 1024 - 2);

        call.Body = AsReceived(form);
        await call.AdmitsAsync(call.Sign(form: form));
        call.Body = AsReceived(form + "x");
        await call.RefusesAsync(call.Sign(form: form + "x"), FailureKind.RequestTooLarge);
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_fills_no_memory()
    {
        foreach (var header in new[] { call.Sign(secret: "guessed"), call.Sign(consumerKey: "demo.2"), call.Sign(consumerKey: "other.1"), call.Sign(consumerKey: "nonsense") })
            await call.RefusesAsync(header);

        Assert.Equal(0, call.NoncesUsed);
    }

    [Fact]
    public async Task An_unknown_key_a_wrong_token_and_a_wrong_signature_are_answered_alike()
    {
        var failures = new[]
        {
            await call.SendAsync(call.Sign(consumerKey: "demo.2")),
            await call.SendAsync(call.Sign(consumerKey: "nobody.1")),
            await call.SendAsync(call.Sign(consumerKey: "nonsense")),
            await call.SendAsync(call.Sign().Replace(AppKeyCall.Token, "another-token", StringComparison.Ordinal)),
            await call.SendAsync(call.Sign(secret: "guessed")),
            await call.SendAsync(call.Sign().Replace("oauth_signature=\"", "oauth_signature=\"AAAA", StringComparison.Ordinal)),
        };

        Assert.Single(failures.Distinct());
    }

    [Fact]
    public async Task Behind_a_proxy_the_public_base_url_is_what_is_signed()
    {
        var behind = new AppKeyCall(new OAuthOptions { PublicBaseUrl = new Uri("https://mtls.example.com/gateway") });

        await behind.AdmitsAsync(behind.Sign("https://mtls.example.com/gateway/mtls/account/demo/certificates?a=1"));
        await behind.RefusesAsync(behind.Sign());
    }

    [Fact]
    public void Signature_and_token_are_compared_in_constant_time_and_in_no_other_way()
    {
        var source = File.ReadAllText(Repository.PathOf("src", "MtlsFunctions", "Authorization", "OAuth", "AppKeyRequests.cs"));

        Assert.Equal(2, source.Split("CryptographicOperations.FixedTimeEquals(").Length - 1);
        Assert.DoesNotContain("SequenceEqual", source, StringComparison.Ordinal);
        // One '&', so that the answer to a wrong signature doesn't wait less than that to a wrong token.
        Assert.Contains("& tokenFits", source, StringComparison.Ordinal);
    }

    // Servers give streams that can't go back.
    private static Stream AsReceived(string form) => PipeReader.Create(new MemoryStream(Encoding.ASCII.GetBytes(form))).AsStream();
}
