using System.Text.Json;
using MtlsFunctions.CertificateVaults.Local;

namespace MtlsFunctions.LocalHost;

/// <summary>What session.json tells: how to reach everything that LocalHost has started, and as whom.</summary>
public sealed record Session(string BaseUrl, string SandboxUrl, IReadOnlyDictionary<string, SessionAccount> Accounts)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Only the owner may read it, and whoever sees the file sees the whole of it.</summary>
    public Task WriteAsync(string path, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return PrivateFiles.ReplaceAsync(path, JsonSerializer.SerializeToUtf8Bytes(this, Json), cancellation);
    }
}

/// <summary>An account that can be used at once.</summary>
/// <param name="Bearer">A token with write permission.</param>
/// <param name="P12Path">A client certificate that the sandbox accepts; absolute.</param>
/// <param name="Username">An administrator who can log in.</param>
/// <param name="ClientId">A client of the token endpoint, with the scope <c>mtls.external</c>.</param>
public sealed record SessionAccount(
    string AccountId, string Bearer, string P12Path, string P12Password, string Username, string Password, string ClientId, string ClientSecret);
