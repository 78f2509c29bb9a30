namespace MtlsFunctions.Shared;

/// <summary>One request as a server saw it.</summary>
/// <param name="RawTarget">The request target byte for byte, still percent-encoded.</param>
/// <param name="Headers">Names in any case.</param>
/// <param name="ClientThumbprint">SHA-256, lower-case hex; null without a client certificate.</param>
/// <param name="ConnectionId">Equal for requests of one connection.</param>
public sealed record ReceivedRequest(
    string Method,
    string RawTarget,
    string Protocol,
    IReadOnlyDictionary<string, string[]> Headers,
    byte[] Body,
    string? ClientThumbprint,
    string ConnectionId);
