using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Compatibility;

/// <summary>The story of a function that calls a partner: discovery, token, forward; and what it makes of each kind of answer.</summary>
[Collection(nameof(CompatibleGateway))]
public sealed class FunctionsCallerTests(CompatibleGateway compatible)
{
    private const string Faas = "3";

    [Fact]
    public async Task From_one_known_host_to_the_partners_answer()
    {
        var client = compatible.Client;
        var url = compatible.Remote.Url + "/orders?customer=42";
        var certificate = await compatible.MapAsync(url, Faas);

        var (token, seconds) = await client.GetTokenAsync(CompatibleGateway.ClientId, compatible.Secret);
        var (reading, answer) = await client.ForwardAsync(token, HttpMethod.Post, url, new StringContent("{\"a\": 1}", Encoding.UTF8, "application/json"));

        Assert.Equal((3600, Reading.Answered, HttpStatusCode.OK), (seconds, reading, answer.Status));
        Assert.Equal(certificate.Thumbprint, (string?)answer.Json["thumbprint"]);
        var seen = compatible.Remote.Received.Single(request => request.RawTarget == "/orders?customer=42");
        Assert.Equal(("POST", "{\"a\": 1}"), (seen.Method, Encoding.UTF8.GetString(seen.Body)));
        Assert.False(seen.Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData("the remote doesn't listen", Reading.RemoteFailed, 424)]
    [InlineData("the remote refuses our certificate", Reading.RemoteFailed, 424)]
    [InlineData("the remote shows a stranger's certificate", Reading.RemoteFailed, 424)]
    [InlineData("the token is not ours", Reading.GatewayRefused, 401)]
    [InlineData("nothing is mapped", Reading.NotMapped, 400)]
    [InlineData("another service is mapped", Reading.NotMapped, 400)]
    [InlineData("the remote answers 500", Reading.Answered, 500)]
    [InlineData("the remote answers 424", Reading.Answered, 424)]
    [InlineData("the remote pretends that it could not be reached", Reading.Answered, 200)]
    public async Task Each_kind_of_answer_is_read_as_what_it_is(string what, Reading expected, int status)
    {
        await using var remote = await RemoteAsync(what);
        var url = $"{remote?.Url ?? "https://127.0.0.1:1"}/{Guid.NewGuid():N}";
        if (what != "nothing is mapped")
            await compatible.MapAsync(url, what == "another service is mapped" ? "2" : Faas);
        var token = what == "the token is not ours" ? "e30.e30.e30" : (await compatible.Client.GetTokenAsync(CompatibleGateway.ClientId, compatible.Secret)).Token;

        var (reading, answer) = await compatible.Client.ForwardAsync(token, HttpMethod.Get, url);

        Assert.Equal((expected, status), (reading, (int)answer.Status));
        Assert.Equal(expected == Reading.Answered ? "upstream" : "gateway", answer.Header("LP-response-origin"));
    }

    [Fact]
    public async Task A_remote_that_asks_for_credentials_is_told_from_the_gateway_by_the_origin()
    {
        await using var remote = await RemoteAsync("the remote answers 401");
        await compatible.MapAsync(remote!.Url, Faas);
        var (token, _) = await compatible.Client.GetTokenAsync(CompatibleGateway.ClientId, compatible.Secret);

        var (reading, answer) = await compatible.Client.ForwardAsync(token, HttpMethod.Get, remote.Url);

        // The documentation's order can't tell the two apart, so there is a header that does.
        Assert.Equal((Reading.GatewayRefused, "Basic", "upstream"), (reading, answer.Header("WWW-Authenticate"), answer.Header("LP-response-origin")));
    }

    [Theory]
    [InlineData("LP-forward-url", "LP-service-name", "LP-stop-if-certificate-not-found", "FAAS", "true")]
    [InlineData("lp-forward-url", "lp-service-name", "lp-stop-if-certificate-not-found", "FAAS", "True")]
    [InlineData("LP-FORWARD-URL", "LP-SERVICE-NAME", "LP-STOP-IF-CERTIFICATE-NOT-FOUND", "3", "TRUE")]
    [InlineData("Lp-Forward-Url", "Lp-Service-Name", "Lp-Stop-If-Certificate-Not-Found", "FAAS", "false")]
    public async Task Header_names_come_in_any_case_and_a_service_by_name_or_id(string urlHeader, string serviceHeader, string stopHeader, string service, string stop)
    {
        var url = $"{compatible.Remote.Url}/{Guid.NewGuid():N}";
        var certificate = await compatible.MapAsync(url, Faas);

        var answer = await compatible.Administrator.SendAsync(
            HttpMethod.Get, $"/mtls/account/{CompatibleGateway.Account}", null, (urlHeader, url), (serviceHeader, service), (stopHeader, stop));

        Assert.Equal((HttpStatusCode.OK, certificate.Thumbprint), (answer.Status, (string?)answer.Json["thumbprint"]));
        var seen = compatible.Remote.Received.Single(request => url.EndsWith(request.RawTarget, StringComparison.Ordinal));
        Assert.DoesNotContain(seen.Headers.Keys, name => name.StartsWith("LP-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("application/json, application/json")]
    [InlineData("application/json,text/plain; charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded, application/json")]
    [InlineData("not a type at all")]
    public async Task A_content_type_goes_through_as_it_was_however_odd(string contentType)
    {
        var url = $"{compatible.Remote.Url}/{Guid.NewGuid():N}";
        await compatible.MapAsync(url, Faas);
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        var answer = await compatible.Administrator.ForwardAsync(HttpMethod.Post, url, "FAAS", content);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var seen = compatible.Remote.Received.Single(request => url.EndsWith(request.RawTarget, StringComparison.Ordinal));
        Assert.Equal([contentType], seen.Headers["Content-Type"]);
        Assert.Equal("{}", Encoding.UTF8.GetString(seen.Body));
    }

    private async Task<MtlsServer?> RemoteAsync(string what) => what switch
    {
        "the remote doesn't listen" => null,
        "the remote refuses our certificate" => await MtlsServer.StartAsync(compatible.Gateway.Pki, options => options.ClientRoots = new TestPki().Roots),
        "the remote shows a stranger's certificate" => await MtlsServer.StartAsync(compatible.Gateway.Pki, options => options.Certificate = new TestPki().IssueServer()),
        "the remote answers 500" => await AnsweringAsync(500),
        "the remote answers 424" => await AnsweringAsync(424),
        "the remote answers 401" => await AnsweringAsync(401, ("WWW-Authenticate", "Basic")),
        "the remote pretends that it could not be reached" => await AnsweringAsync(200, ("LP-message-from-transport", "down"), ("LP-error-from-transport", "down")),
        _ => await MtlsServer.StartAsync(compatible.Gateway.Pki),
    };

    private Task<MtlsServer> AnsweringAsync(int status, params (string Name, string Value)[] headers) =>
        MtlsServer.StartAsync(compatible.Gateway.Pki, options => options.Handler = context =>
        {
            context.Response.StatusCode = status;
            foreach (var (name, value) in headers)
                context.Response.Headers[name] = value;
            return context.Response.WriteAsync("the remote's own words");
        });
}
