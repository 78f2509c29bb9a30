using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>Sets a vault up over its API, the imitation or a real one, as an operator does.</summary>
public sealed class VaultOperator(HttpClient http, Uri address, string token)
{
    /// <summary>What this product needs, and nothing more: as the documentation tells operators.</summary>
    public static string LeastPolicy(string mount, string folder) => $$"""
        path "{{mount}}/data/{{folder}}/*" { capabilities = ["create", "update", "read"] }
        path "{{mount}}/metadata/{{folder}}/*" { capabilities = ["update", "read", "delete"] }
        """;

    /// <summary>Of Vault Enterprise or OpenBao.</summary>
    public string? Namespace { get; init; }

    public Task MountAsync(string mount) => PostAsync($"sys/mounts/{mount}", new { type = "kv", options = new { version = "2" } });

    public Task UnmountAsync(string mount) => SendAsync(HttpMethod.Delete, $"sys/mounts/{mount}", body: null);

    public Task PolicyAsync(string name, string policy) => PostAsync($"sys/policies/acl/{name}", new { policy });

    public Task EnableLoginAsync(string mount, string type) => PostAsync($"sys/auth/{mount}", new { type });

    public Task DisableLoginAsync(string mount) => SendAsync(HttpMethod.Delete, $"sys/auth/{mount}", body: null);

    /// <param name="ttl">As Vault writes it: "20m".</param>
    public async Task<(string RoleId, string SecretId)> AppRoleAsync(string mount, string role, string policy, string ttl = "20m", string maxTtl = "1h")
    {
        await PostAsync($"auth/{mount}/role/{role}", new { token_policies = new[] { policy }, token_ttl = ttl, token_max_ttl = maxTtl });
        var roleId = await SendAsync(HttpMethod.Get, $"auth/{mount}/role/{role}/role-id", body: null);
        var secretId = await PostAsync($"auth/{mount}/role/{role}/secret-id", new { });
        return (roleId!["data"]!["role_id"]!.GetValue<string>(), secretId!["data"]!["secret_id"]!.GetValue<string>());
    }

    public async Task JwtAsync(string mount, string publicKeyPem, string issuer, string role, string audience, string policy)
    {
        await PostAsync($"auth/{mount}/config", new { jwt_validation_pubkeys = new[] { publicKeyPem }, bound_issuer = issuer });
        await PostAsync($"auth/{mount}/role/{role}", new
        {
            role_type = "jwt",
            user_claim = "sub",
            bound_audiences = new[] { audience },
            token_policies = new[] { policy },
            token_ttl = "10m",
        });
    }

    /// <returns>A token of the role.</returns>
    public async Task<string> LogInAsync(string mount, string roleId, string secretId) =>
        (await PostAsync($"auth/{mount}/login", new { role_id = roleId, secret_id = secretId }))!["auth"]!["client_token"]!.GetValue<string>();

    public Task<JsonObject?> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    public Task<JsonObject?> GetAsync(string path) => SendAsync(HttpMethod.Get, path, body: null);

    public Task DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, body: null);

    private async Task<JsonObject?> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, $"/v1/{path}")) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-Vault-Token", token);
        if (Namespace is not null)
            request.Headers.Add("X-Vault-Namespace", Namespace);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject();
    }
}
