using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly.Timeout;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>
/// One request to the vault, repeated where that can help (see <see cref="VaultHttpClient"/>), and what became of it: an answer, or
/// <see cref="FailureKind.VaultUnavailable"/>. It logs no answer's text: a server could echo what we sent.
/// </summary>
internal sealed partial class VaultHttp(
    IHttpClientFactory clients, IOptions<HashiCorpVaultOptions> options, TimeProvider clock, ILogger<VaultHttp> log)
{
    public static Failure Unavailable { get; } =
        new(FailureKind.VaultUnavailable, "Try again in a moment; an operator finds the cause in the log.");

    public static Failure Refused { get; } =
        new(FailureKind.VaultRefused, "An operator must give this app what it needs in the vault; the log says which call was refused.");

    public Task<Outcome<VaultAnswer>> GetAsync(string path, string? token, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, path, content: null, token, cancellation);

    public Task<Outcome<VaultAnswer>> DeleteAsync(string path, string? token, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, path, content: null, token, cancellation);

    public Task<Outcome<VaultAnswer>> PostAsync<T>(string path, T body, JsonTypeInfo<T> type, string? token, CancellationToken cancellation)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(HttpMethod.Post, path, content, token, cancellation);
    }

    private async Task<Outcome<VaultAnswer>> SendAsync(
        HttpMethod method, string path, HttpContent? content, string? token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, $"v1/{path}") { Content = content };
        request.Headers.Add("X-Vault-Request", "true");
        if (token is not null)
            request.Headers.Add("X-Vault-Token", token);
        // OpenBao refuses to tell its health to a namespace.
        if (options.Value.Namespace is { Length: > 0 } space && !path.StartsWith(VaultHealth.Path, StringComparison.Ordinal))
            request.Headers.Add("X-Vault-Namespace", space);
        try
        {
            using var http = clients.CreateClient(VaultHttpClient.Name);
            using var response = await http.SendAsync(request, cancellation);
            if (!IsMeant(response.StatusCode))
            {
                LogOutage(method.Method, path, (int)response.StatusCode);
                return Unavailable with { RetryAfter = RetryAfter.Of(response, clock) };
            }

            return new VaultAnswer(response.StatusCode, await ReadAsync(response, cancellation));
        }
        catch (Exception fault) when (fault is HttpRequestException or TimeoutRejectedException or JsonException)
        {
            LogBroken(method.Method, path, ReasonOf(fault));
            return Unavailable;
        }
    }

    // Whatever else there is (redirects, 429, 5xx) is no word on the request itself.
    private static bool IsMeant(HttpStatusCode status) =>
        status is HttpStatusCode.OK or HttpStatusCode.NoContent or (>= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError)
        && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.PreconditionFailed or HttpStatusCode.TooManyRequests);

    private static async Task<VaultBody> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsByteArrayAsync(cancellation);
        return text.Length == 0 ? new VaultBody() : JsonSerializer.Deserialize(text, VaultJson.Default.VaultBody) ?? new VaultBody();
    }

    // In one line, however deep it lies. What isn't JSON could be anything, so nothing of it is shown.
    private static string ReasonOf(Exception fault) => fault switch
    {
        JsonException => "it is not JSON",
        TimeoutRejectedException => "none came in time",
        _ => fault.GetBaseException().Message.ReplaceLineEndings(" "),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vault answered {Method} {Path} with {Status}")]
    private partial void LogOutage(string method, string path, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vault gave no usable answer to {Method} {Path}: {Reason}")]
    private partial void LogBroken(string method, string path, string reason);
}
