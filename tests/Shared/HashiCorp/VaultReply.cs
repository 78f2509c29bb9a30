using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>An answer before it goes out.</summary>
internal sealed record VaultReply(int Status, JsonNode? Body = null)
{
    /// <summary>A redirect's target.</summary>
    public string? Location { get; init; }

    public static VaultReply NoContent { get; } = new(204);

    public static VaultReply NotFound { get; } = new(404, new JsonObject { ["errors"] = new JsonArray() });

    public static VaultReply Error(int status, string text) => new(status, new JsonObject { ["errors"] = new JsonArray(text) });

    /// <summary>As Vault reports what its engines refused.</summary>
    public static VaultReply OneError(int status, string text) => Error(status, $"1 error occurred:\n\t* {text}\n\n");

    public static VaultReply Denied { get; } = OneError(403, "permission denied");

    public static VaultReply TokenGone { get; } = Error(403, "permission denied");

    public static VaultReply Data(JsonNode? data, int status = 200, string? warning = null) => Envelope(data, auth: null, wrapInfo: null, status, warning);

    public static VaultReply Auth(JsonObject auth, string? warning = null) => Envelope(data: null, auth, wrapInfo: null, 200, warning);

    public static VaultReply Wrapped(JsonObject wrapInfo) => Envelope(data: null, auth: null, wrapInfo, 200, warning: null, requestId: "");

    private static VaultReply Envelope(JsonNode? data, JsonNode? auth, JsonNode? wrapInfo, int status, string? warning, string? requestId = null) => new(status, new JsonObject
    {
        ["request_id"] = requestId ?? Guid.NewGuid().ToString(),
        ["lease_id"] = "",
        ["renewable"] = false,
        ["lease_duration"] = 0,
        ["data"] = data,
        ["wrap_info"] = wrapInfo,
        ["warnings"] = warning is null ? null : new JsonArray(warning),
        ["auth"] = auth,
    });
}
