using System.Text.Json;
using System.Text.Json.Nodes;

namespace MtlsFunctions.LocalHost.Walkthrough;

/// <summary>Sends the steps, shows each with its answer, and remembers whether all went as expected.</summary>
public sealed class Steps(Session session, SessionAccount account, TextWriter output) : IDisposable
{
    public const string PasswordVariable = "P12_PASSWORD";
    private const string BearerVariable = "TOKEN";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = Answers.Json.Encoder };

    private readonly HttpClient http = new();
    private int number;

    public bool AllAsExpected { get; private set; } = true;

    public Task IntroduceAsync() => output.WriteLineAsync($"""
        Gateway {session.BaseUrl}, remote endpoint {session.SandboxUrl} (it demands a client certificate).
        Each request is shown as a curl command; start LocalHost to repeat them, or do the same by hand at {session.BaseUrl}/console.
        First set:

        export {BearerVariable}={Step.Quote(account.Bearer)}
        export {PasswordVariable}={Step.Quote(account.P12Password)}

        """);

    /// <returns>The answer's JSON; null when it isn't JSON or not the expected status.</returns>
    public async Task<JsonNode?> SendAsync(string title, Step step, int expected, CancellationToken cancellation)
    {
        await output.WriteLineAsync($"{++number}. {title}\n\n{step.ToCurl(BearerVariable)}\n");
        using var request = step.ToRequest(account.Bearer);
        using var answer = await http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        var json = TryParse(text);
        await output.WriteLineAsync($"HTTP {(int)answer.StatusCode}\n{json?.ToJsonString(Indented) ?? text}\n");
        if ((int)answer.StatusCode == expected)
            return json;
        AllAsExpected = false;
        await output.WriteLineAsync($"Expected HTTP {expected}.\n");
        return null;
    }

    public void Dispose() => http.Dispose();

    private static JsonNode? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // An answer that isn't JSON is shown as it is.
            return null;
        }
    }
}
