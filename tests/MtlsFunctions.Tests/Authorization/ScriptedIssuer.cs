using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>An issuer under https, for what a well-behaved one over plain HTTP can't show; the test says what each address answers.</summary>
public sealed class ScriptedIssuer : HttpMessageHandler
{
    public const string Issuer = "https://issuer.example";
    public const string KeysUrl = "https://issuer.example/jwks";

    public const string Metadata = $$"""{"issuer":"{{Issuer}}","jwks_uri":"{{KeysUrl}}"}""";

    /// <summary>One elliptic key, from RFC 7517, appendix A.1.</summary>
    public const string Keys = """
        {"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"sig","kid":"1"}]}
        """;

    private const string MetadataUrl = "https://issuer.example/.well-known/openid-configuration";

    public List<string> Asked { get; } = [];

    public FakeTimeProvider Clock { get; } = new();

    /// <summary>Text by address; what isn't there is a 404.</summary>
    public Dictionary<string, string> Pages { get; } = new() { [MetadataUrl] = Metadata, [KeysUrl] = Keys };

    /// <summary>Every answer waits for this.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Done when the first request has arrived.</summary>
    public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void AnswerMetadata(string text) => Pages[MetadataUrl] = text;

    public IssuerKeys KeysOf(IssuerOptions? options = null) =>
        new(options ?? new IssuerOptions { Issuer = Issuer }, new HttpClient(this), Clock, NullLogger.Instance);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!.OriginalString;
        lock (Asked)
            Asked.Add(address);
        Arrived.TrySetResult();
        await Gate.WaitAsync(cancellationToken);
        return Pages.TryGetValue(address, out var text)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") }
            : new HttpResponseMessage(HttpStatusCode.NotFound);
    }
}
