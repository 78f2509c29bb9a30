using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>
/// Sends recorded requests to the imitation and holds its answers to the recorded ones: status, field names, kinds and values,
/// but for what a server makes up.
/// </summary>
public sealed partial class Replay(VaultServer server, HttpClient http, FakeTimeProvider clock)
{
    // What can't be compared: ids, secrets, names and keys that are made at random, and times of the server's own clock.
    private static readonly HashSet<string> MadeUp = new(StringComparer.Ordinal)
    {
        "request_id", "client_token", "root_token", "token", "accessor", "wrapped_accessor", "secret_id_accessor", "entity_id", "id", "uuid",
        "role_id", "secret_id", "cluster_id", "cluster_name", "keys_base64", "created_time", "updated_time", "deletion_time",
        "creation_time", "expire_time", "issue_time", "server_time_utc",
        // The servers grant a whole life and tell it a moment later, so theirs can be a second less than ours.
        "ttl",
    };

    private readonly Dictionary<string, string> ours = new(StringComparer.Ordinal);

    /// <summary>From now on the recorded text means ours, in paths, headers and bodies.</summary>
    public void Bind(string recorded, string value) => ours[recorded] = value;

    public async Task RunAsync(string name, CancellationToken cancellation)
    {
        foreach (var recording in Recording.Load(name))
        {
            if (recording.At > clock.GetUtcNow())
                clock.SetUtcNow(recording.At);
            var differences = new List<string>();
            using var response = await SendAsync(recording, cancellation);
            Compare(recording, response, await response.Content.ReadAsStringAsync(cancellation), differences);
            Assert.True(differences.Count == 0, $"{name}, {recording.Request.Method} {recording.Request.Path} ({recording.Note}):\n{string.Join('\n', differences)}");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Recording recording, CancellationToken cancellation)
    {
        // As recorded: two dots and %2F are the point of some.
        var address = new Uri(server.Url + Ours(recording.Request.Path), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(recording.Request.Method), address);
        foreach (var (header, value) in recording.Request.Headers ?? [])
            request.Headers.TryAddWithoutValidation(header, Ours(value));
        if (recording.RequestText is { } text)
            request.Content = new StringContent(Ours(text), Encoding.UTF8, "application/json");
        return await http.SendAsync(request, cancellation);
    }

    private void Compare(Recording recording, HttpResponseMessage response, string text, List<string> differences)
    {
        if (recording.Response.Status != (int)response.StatusCode)
            differences.Add($"status {(int)response.StatusCode} instead of {recording.Response.Status}: {text}");
        foreach (var (header, value) in recording.Response.Headers ?? [])
            if (!response.Headers.TryGetValues(header, out var values) || values.Single() != value)
                differences.Add($"header {header} is not {value}");
        if (recording.Response.Body is JsonObject body)
            Compare("", body, JsonNode.Parse(text), differences);
        else if (recording.Response.Body is null && text.Length > 0)
            differences.Add($"content where there was none: {text}");
    }

    private void Compare(string field, JsonNode? recorded, JsonNode? answered, List<string> differences)
    {
        if (recorded?.GetValueKind() != answered?.GetValueKind())
        {
            if (!IsBoolean(recorded, answered))
                differences.Add($"{field}: {answered?.ToJsonString() ?? "null"} instead of {recorded?.ToJsonString() ?? "null"}");
        }
        else if (recorded is JsonObject members)
        {
            CompareNames(field, members, answered!.AsObject(), differences);
            foreach (var (name, value) in members)
                Compare(name, value, answered[name], differences);
        }
        else if (recorded is JsonArray items)
        {
            if (items.Count != answered!.AsArray().Count)
                differences.Add($"{field}: {answered.ToJsonString()} instead of {recorded.ToJsonString()}");
            else
                for (var at = 0; at < items.Count; at++)
                    Compare(field, items[at], answered[at], differences);
        }
        else if (recorded is not null)
        {
            CompareValues(field, recorded, answered!, differences);
        }
    }

    private void CompareValues(string field, JsonNode recorded, JsonNode answered, List<string> differences)
    {
        var (theirs, mine) = (recorded.ToString(), answered.ToString());
        if (!MadeUp.Contains(field))
        {
            if (Measure().Replace(Ours(theirs), "N bytes") != Measure().Replace(mine, "N bytes") && !IsKey(field, theirs))
                differences.Add($"{field}: {mine} instead of {theirs}");
        }
        else if (theirs.Length == 0 != (mine.Length == 0))
        {
            differences.Add($"{field}: '{mine}' instead of '{theirs}'");
        }
        else if (recorded.GetValueKind() == JsonValueKind.String)
        {
            Bind(theirs, mine);
        }
    }

    private static void CompareNames(string field, JsonObject recorded, JsonObject answered, List<string> differences)
    {
        var (theirs, mine) = (recorded.Select(member => member.Key).ToArray(), answered.Select(member => member.Key).ToArray());
        if (theirs.Except(mine).Any() || mine.Except(theirs).Any())
            differences.Add($"{field}: fields missing: {string.Join(", ", theirs.Except(mine))}; too many: {string.Join(", ", mine.Except(theirs))}");
    }

    // "keys" are names in a listing, but random at initialisation.
    private static bool IsKey(string field, string value) => field == "keys" && value.Length == 64;

    private static bool IsBoolean(JsonNode? one, JsonNode? other) =>
        one?.GetValueKind() is JsonValueKind.True or JsonValueKind.False && other?.GetValueKind() is JsonValueKind.True or JsonValueKind.False
        && one.GetValueKind() == other.GetValueKind();

    private string Ours(string text) => ours.Count == 0 ? text : Recorded().Replace(text, found => ours.GetValueOrDefault(found.Value, found.Value));

    // What the servers' storage adds to a value.
    [GeneratedRegex(@"\d+ bytes(?=,)")]
    private static partial Regex Measure();

    [GeneratedRegex(@"TOKEN-\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Recorded();
}
