using System.Security.Cryptography;
using System.Text.Json;
using MtlsFunctions.Accounts;
using MtlsFunctions.CertificateVaults.Local;

namespace MtlsFunctions.LocalHost;

/// <summary>A login and a client for each of LocalHost's accounts, made once and kept in the data folder.</summary>
public sealed class LocalAccounts
{
    private readonly Dictionary<string, LocalAccount> accounts;

    private LocalAccounts(Dictionary<string, LocalAccount> accounts) => this.accounts = accounts;

    public LocalAccount this[string name] => accounts[name];

    /// <summary>The same as configuration: hashes only.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings => accounts.SelectMany(account => new Dictionary<string, string?>
    {
        [$"Accounts:Administrators:{account.Key}:Account"] = account.Key,
        [$"Accounts:Administrators:{account.Key}:LoginName"] = account.Value.Username,
        [$"Accounts:Administrators:{account.Key}:PasswordHash"] = account.Value.PasswordHash,
        [$"Accounts:Clients:{account.Key}:Account"] = account.Key,
        [$"Accounts:Clients:{account.Key}:ClientId"] = account.Value.ClientId,
        [$"Accounts:Clients:{account.Key}:SecretHash"] = account.Value.ClientSecretHash,
    });

    public static async Task<LocalAccounts> OpenAsync(string folder, IEnumerable<string> names, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, "accounts.json");
        if (File.Exists(path))
            return new LocalAccounts(JsonSerializer.Deserialize<Dictionary<string, LocalAccount>>(await File.ReadAllBytesAsync(path, cancellation))!);
        var made = names.ToDictionary(name => name, LocalAccount.Make);
        await PrivateFiles.ReplaceAsync(path, JsonSerializer.SerializeToUtf8Bytes(made), cancellation);
        return new LocalAccounts(made);
    }
}

/// <summary>How to log in to one account. The hashes are kept too, because hashing is slow on purpose.</summary>
public sealed record LocalAccount(
    string Username, string Password, string PasswordHash, string ClientId, string ClientSecret, string ClientSecretHash)
{
    public static LocalAccount Make(string name)
    {
        var (password, secret) = (RandomNumberGenerator.GetHexString(24, lowercase: true), RandomNumberGenerator.GetHexString(32, lowercase: true));
        return new LocalAccount($"{name}-admin", password, Secrets.Hash(password), $"{name}-client", secret, Secrets.Hash(secret));
    }
}
