using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>A request as the imitation's parts see it.</summary>
/// <param name="Method">A GET with <c>list=true</c> has become LIST.</param>
/// <param name="Path">Decoded, behind <c>/v1/</c>, without a namespace that stood in front.</param>
/// <param name="Body">Null without one.</param>
public sealed record VaultRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, string? Token, string? Namespace, string? WrapTtl, JsonObject? Body)
{
    public bool IsWrite => Method is "POST" or "PUT";

    /// <summary>What the policy must allow. Vault asks whether the name exists to tell create from update; here either will do.</summary>
    internal string[] Capabilities => Method switch
    {
        "GET" or "HEAD" => ["read"],
        "LIST" => ["list"],
        "DELETE" => ["delete"],
        "PATCH" => ["patch"],
        _ => ["create", "update"],
    };

    internal string Text(string name) => Body?[name]?.GetValue<string>() ?? "";

    internal TimeSpan Duration(string name) => VaultDuration.Parse(Body?[name]);
}
