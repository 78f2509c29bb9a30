using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>What one account asked at one address and got, with whatever differs from run to run taken out.</summary>
public sealed partial class Transcript(string address, string account, string token, MtlsServer remote) : IDisposable
{
    // The platform's own: the web servers in front, framing, time.
    private static readonly string[] Untold = ["Date", "Server", "Transfer-Encoding", "Keep-Alive"];

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public List<(string Step, string Told)> Lines { get; } = [];

    public string Mtls => $"/mtls/account/{account}";

    public string Mappings => $"/api/account/{account}/configuration/ac-common/mtls";

    public string Account => account;

    public string Remote => remote.Url;

    public Task<JsonNode?> GetAsync(string step, string path) => SendAsync(step, HttpMethod.Get, path);

    public Task<JsonNode?> PostAsync(string step, string path, JsonNode body) => SendAsync(step, HttpMethod.Post, path, JsonContent.Create(body));

    public Task<JsonNode?> ForwardAsync(string step, HttpMethod method, string path, HttpContent? content = null, params (string, string)[] headers) =>
        SendAsync(step, method, Mtls, content, [("LP-forward-url", remote.Url + path), ("LP-service-name", "WEBHOOKS"), .. headers]);

    /// <returns>The answer's JSON, or null where it has none.</returns>
    public async Task<JsonNode?> SendAsync(string step, HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        var before = remote.Received.Count;
        using var request = new HttpRequestMessage(method, address + path) { Content = content };
        if (!headers.Any(header => header.Name == "Authorization"))
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var (body, text) = await ReadAsync(answer);
        var seen = string.Join('\n', remote.Received.Skip(before).Select(Seen));
        Lines.Add((step, Plain($"{(int)answer.StatusCode} {answer.ReasonPhrase}\n{HeadersOf(answer)}\n\n{text}\n-- remote --\n{seen}")));
        return answer.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json" && body.Length > 0 ? JsonNode.Parse(body) : null;
    }

    public void Dispose() => http.Dispose();

    private static async Task<(byte[] Bytes, string Text)> ReadAsync(HttpResponseMessage answer)
    {
        var bytes = new MemoryStream();
        try
        {
            await answer.Content.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            return (bytes.ToArray(), Encoding.Latin1.GetString(bytes.ToArray()));
        }
        catch (HttpRequestException)
        {
            return ([], "(broken off)");
        }
    }

    private static string HeadersOf(HttpResponseMessage answer) => string.Join('\n', answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
        .Where(header => !Untold.Contains(header.Key, StringComparer.OrdinalIgnoreCase)).OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
        .SelectMany(header => header.Value.Select(value => $"{header.Key}: {value}")));

    private static string Seen(ReceivedRequest request) => string.Join('\n',
    [
        $"{request.Method} {request.RawTarget} {request.Protocol} {request.ClientThumbprint}",
        .. request.Headers.OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase).SelectMany(header => header.Value.Select(value => $"{header.Key}: {value}")),
        Convert.ToHexString(request.Body),
    ]);

    private string Plain(string text) =>
        Random().Replace(Number().Replace(Time().Replace(text.Replace(new Uri(address).Authority, "(gateway)", StringComparison.Ordinal).Replace(account, "(account)", StringComparison.Ordinal), "(time)"), "(number)"), "(random)");

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)|\w{3}, \d\d \w{3} \d{4} [0-9:]+ GMT")]
    private static partial Regex Time();

    // Ids, times in milliseconds.
    [GeneratedRegex(@"\b\d{8,}\b")]
    private static partial Regex Number();

    // Secrets, tokens, trace ids.
    [GeneratedRegex(@"(?<=""(traceId|consumerKey|consumerSecret|token|tokenSecret|bearer|csrf|sessionId|access_token)"":\s*"")[^""]+|00-[0-9a-f]{32}-[0-9a-f]{16}-0\d|\b[0-9a-f]{32}\b|(?<=""elapsed\w*"":\s*)[0-9.]+")]
    private static partial Regex Random();
}
