using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.Compatibility;

/// <summary>
/// A client written from the MTLS service's documentation and nothing else: it knows one host and an account, looks every other
/// host up, and reads answers in the documented order.
/// </summary>
public sealed class DocumentedClient(string domainHost, string account)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <summary>Bare hosts have no scheme; in production it is https.</summary>
    private const string Scheme = "http://";

    public async Task<string> HostOfAsync(string service)
    {
        var found = await SendAsync(HttpMethod.Get, domainHost, $"/api/account/{account}/service/{service}/baseURI.json?version=1.0");
        Assert.Equal((service, account), ((string?)found.Json["service"], (string?)found.Json["account"]));
        return (string)found.Json["baseURI"]!;
    }

    /// <returns>The token and how many seconds it holds.</returns>
    public async Task<(string Token, int Seconds)> GetTokenAsync(string clientId, string clientSecret)
    {
        var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = clientId,
            ["client_secret"] = clientSecret,
            ["grant_type"] = "client_credentials",
        });
        var answer = await SendAsync(HttpMethod.Post, await HostOfAsync("sentinel"), $"/sentinel/api/v2/account/{account}/app/token", form);
        Assert.Equal((HttpStatusCode.OK, "Bearer"), (answer.Status, answer.Json["token_type"]!.GetValue<string>()));
        return (answer.Json["access_token"]!.GetValue<string>(), int.Parse(answer.Json["expires_in"]!.GetValue<string>(), CultureInfo.InvariantCulture));
    }

    /// <summary>What a login tells: its token, and a host for each service.</summary>
    public async Task<(string Bearer, IReadOnlyDictionary<string, string> Hosts)> LogInAsync(string username, string password)
    {
        var credentials = new StringContent(new JsonObject { ["username"] = username, ["password"] = password }.ToJsonString());
        var answer = await SendAsync(HttpMethod.Post, await HostOfAsync("agentVep"), $"/api/account/{account}/login?v=1.3", credentials);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(username, (string?)answer.Json["config"]!["loginName"]);
        Assert.True(long.Parse(answer.Json["sessionTTl"]!.GetValue<string>(), CultureInfo.InvariantCulture) > 0);
        return ((string)answer.Json["bearer"]!, answer.Json["csdsCollectionResponse"]!["baseURIs"]!.AsArray()
            .ToDictionary(service => (string)service!["service"]!, service => (string)service!["baseURI"]!));
    }

    /// <summary>Through the gateway, as a function does: never without a certificate.</summary>
    public async Task<(Reading Reading, Answer Answer)> ForwardAsync(string token, HttpMethod method, string url, HttpContent? content = null)
    {
        var answer = await SendAsync(method, await HostOfAsync("mtlsGateway"), $"/mtls/account/{account}", content,
            ("Authorization", $"Bearer {token}"), ("LP-forward-url", url), ("LP-service-name", "FAAS"), ("LP-stop-if-certificate-not-found", "true"));
        return (Read(answer), answer);
    }

    public static async Task<Answer> SendAsync(HttpMethod method, string host, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Scheme + host + path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }

    /// <summary>The documented order; whoever looks at the status first takes one for another.</summary>
    private static Reading Read(Answer answer) =>
        answer.Header("lp-message-from-transport") is not null ? Reading.RemoteFailed
        : answer.Header("www-authenticate") is not null ? Reading.GatewayRefused
        : answer.Status == HttpStatusCode.BadRequest ? Reading.NotMapped
        : Reading.Answered;
}

/// <summary>What such a client takes an answer for.</summary>
public enum Reading
{
    RemoteFailed,
    GatewayRefused,
    NotMapped,
    Answered,
}
