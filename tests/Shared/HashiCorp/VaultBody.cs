using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>Reads a request's body, or says why not.</summary>
internal static class VaultBody
{
    private const int MaxBytes = 32 * 1024 * 1024;
    private const int MaxStrings = 1000;

    public static async Task<(JsonObject? Body, VaultReply? Refused)> ReadAsync(HttpContext context, VaultDialect dialect)
    {
        var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        if (bytes.Length > MaxBytes)
            return (null, VaultReply.Error(413, dialect == VaultDialect.Vault18 ? "error parsing JSON" : "http: request body too large"));
        if (bytes.Length == 0)
            return (null, null);
        try
        {
            var body = JsonNode.Parse(bytes.ToArray())!.AsObject();
            return dialect == VaultDialect.OpenBao26 && Strings(body) > MaxStrings
                ? (null, VaultReply.Error(400, "refused JSON input due to high complexity: exceeded maximum number of strings"))
                : (body, null);
        }
        catch (JsonException)
        {
            return (null, VaultReply.Error(400, dialect == VaultDialect.Vault18 ? "error parsing JSON" : "failed to decode JSON input: unexpected EOF"));
        }
    }

    private static int Strings(JsonNode? node) => node switch
    {
        JsonObject members => members.Sum(member => 1 + Strings(member.Value)),
        JsonArray items => items.Sum(Strings),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => 1,
        _ => 0,
    };
}
