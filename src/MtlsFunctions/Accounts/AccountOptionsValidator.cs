using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>Refuses at start who could never log in, and tokens that would end before they begin.</summary>
public sealed class AccountOptionsValidator(IOptions<AuthorizationOptions> authorization) : IValidateOptions<AccountOptions>
{
    // Of the format that ASP.NET Core Identity calls version 3: a marker, three numbers, then salt and key.
    private const byte HashMarker = 1;
    private const int ShortestHash = 1 + (3 * sizeof(uint)) + 16 + 16;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3653);

    public ValidateOptionsResult Validate(string? name, AccountOptions options)
    {
        var faults = options.Enabled ? FaultsOf(options).ToArray() : [];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> FaultsOf(AccountOptions options)
    {
        const string section = AccountOptions.Section;
        foreach (var (key, one) in options.Administrators.Where(one => !IsWhole(one.Value.Account, one.Value.LoginName, one.Value.PasswordHash)))
            yield return $"{section}:Administrators:{key} needs Account, LoginName and PasswordHash (a hash, as hash-password prints it).";
        foreach (var (key, one) in options.Clients.Where(one => !IsWhole(one.Value.Account, one.Value.ClientId, one.Value.SecretHash)))
            yield return $"{section}:Clients:{key} needs Account, ClientId and SecretHash (a hash, as hash-password prints it).";
        if (options.Administrators.Values.GroupBy(one => (one.Account, one.LoginName)).Any(same => same.Count() > 1))
            yield return $"{section}:Administrators names the same LoginName of one Account twice.";
        if (options.Clients.Values.GroupBy(one => (one.Account, one.ClientId)).Any(same => same.Count() > 1))
            yield return $"{section}:Clients names the same ClientId of one Account twice.";
        foreach (var (setting, time) in new[]
        {
            (nameof(options.SessionLifetime), options.SessionLifetime), (nameof(options.LongestSession), options.LongestSession),
            (nameof(options.TokenLifetime), options.TokenLifetime), (nameof(options.SigningKeyLifetime), options.SigningKeyLifetime),
        })
        {
            if (time < Shortest || time > Longest)
                yield return $"{section}:{setting} must be between a second and ten years.";
        }

        // Ours is one of two as soon as there is another.
        foreach (var fault in authorization.Value.Issuers.Count == 1 ? AuthorizationOptionsValidator.Unbounded(authorization.Value) : [])
            yield return fault;
        if (authorization.Value.Issuers.Values.Any(issuer => issuer.Issuer == options.Issuer))
            yield return $"{section}:Issuer is the name of an issuer in {AuthorizationOptions.Section}:Issuers: give our own another one.";
    }

    private static bool IsWhole(string account, string name, string hash)
    {
        var bytes = new byte[hash.Length];
        return AccountId.IsLegal(account) && name.Length > 0
            && Convert.TryFromBase64String(hash, bytes, out var length) && length >= ShortestHash && bytes[0] == HashMarker;
    }
}
