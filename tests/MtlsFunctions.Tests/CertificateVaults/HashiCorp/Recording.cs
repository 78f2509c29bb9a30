using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>
/// Exchanges with a real server, one a line, in <c>tests/Shared/Recordings</c>. Tokens had been replaced by <c>TOKEN-n</c> and the
/// p12 by <c>&lt;PFX_BASE64&gt;</c> when they were recorded, and long bodies cut; those are written out again as their notes say,
/// with <c>A*n</c> for a letter n times. Times between the exchanges about a token's life are those of the notes.
/// </summary>
public sealed partial record Recording(DateTimeOffset At, string Note, RecordedRequest Request, RecordedResponse Response)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static IEnumerable<Recording> Load(string name) =>
        File.ReadLines(Repository.PathOf("tests", "Shared", "Recordings", $"{name}.jsonl")).Select(line => JsonSerializer.Deserialize<Recording>(line, Web)!);

    /// <summary>The body as it went out: a text that isn't JSON stands as a string.</summary>
    public string? RequestText => Request.Body switch
    {
        null => null,
        JsonValue broken => broken.GetValue<string>(),
        var json => Repeated().Replace(json.ToJsonString(), found => new string('A', int.Parse(found.Groups["times"].Value, null))),
    };

    [GeneratedRegex(@"A\*(?<times>\d+)")]
    private static partial Regex Repeated();
}

public sealed record RecordedRequest(string Method, string Path, Dictionary<string, string>? Headers, JsonNode? Body);

public sealed record RecordedResponse(int Status, Dictionary<string, string>? Headers, JsonNode? Body);
