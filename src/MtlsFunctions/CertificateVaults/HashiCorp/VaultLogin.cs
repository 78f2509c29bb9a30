using Azure.Core;
using Azure.Identity;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>The one configured way to a token.</summary>
internal sealed partial class VaultLogin(
    VaultHttp http, IOptions<HashiCorpVaultOptions> options, TokenCredential identity, TimeProvider clock, ILogger<VaultLogin> log)
{
    /// <summary>A token that ends after some requests: it would end in the middle of anything.</summary>
    public static Failure Limited { get; } =
        VaultHttp.Refused with { Detail = "An operator must give this app a vault token without a limit of uses." };

    /// <returns><see cref="FailureKind.VaultRefused"/> when what was configured is no good; <see cref="Limited"/> is one such.</returns>
    public async Task<Outcome<VaultToken>> LogInAsync(CancellationToken cancellation)
    {
        var settings = options.Value;
        try
        {
            return settings switch
            {
                { Token: { Length: > 0 } token } => await AdoptAsync(token, cancellation),
                { TokenFile: { Length: > 0 } path } => await AdoptAsync(await ReadAsync(path, cancellation), cancellation),
                { RoleId: { Length: > 0 } role } => await LogInAsync(
                    settings.AppRoleMount, new LoginRequest { RoleId = role, SecretId = await SecretIdAsync(settings, cancellation) }, cancellation),
                _ => await LogInAsync(
                    settings.JwtMount, new LoginRequest { Role = settings.JwtRole, Jwt = await JwtAsync(settings.JwtScope!, cancellation) }, cancellation),
            };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or AuthenticationFailedException)
        {
            LogNoCredential(fault.Message);
            return VaultHttp.Refused;
        }
    }

    private async Task<Outcome<VaultToken>> LogInAsync(string mount, LoginRequest request, CancellationToken cancellation)
    {
        var obtained = clock.GetUtcNow();
        var posted = await http.PostAsync($"auth/{mount}/login", request, VaultJson.Default.LoginRequest, token: null, cancellation);
        if (!posted.TryGet(out var answer, out var failure))
            return failure;
        if (answer is { IsSuccess: true, Body.Auth: { ClientToken: { Length: > 0 } token } auth } && VaultToken.IsLegal(token))
        {
            return await UsesAsync(token, auth, cancellation) == 0
                ? new VaultToken(token, obtained, TimeSpan.FromSeconds(auth.LeaseDuration), auth.Renewable)
                : RefuseLimited();
        }

        LogRefused(mount, (int)answer.Status);
        return VaultHttp.Refused;
    }

    /// <summary>A token that somebody else got: how long it lives has to be asked.</summary>
    private async Task<Outcome<VaultToken>> AdoptAsync(string token, CancellationToken cancellation)
    {
        if (!VaultToken.IsLegal(token))
        {
            LogNoToken();
            return VaultHttp.Refused;
        }

        var obtained = clock.GetUtcNow();
        if (!(await http.GetAsync("auth/token/lookup-self", token, cancellation)).TryGet(out var answer, out var failure))
            return failure;
        if (answer is { IsSuccess: true, Body.Data: { NumUses: > 0 } })
            return RefuseLimited();
        if (answer is { IsSuccess: true, Body.Data: { } described })
            return new VaultToken(token, obtained, TimeSpan.FromSeconds(described.Ttl), described.Renewable);
        // It has ended, or it is good for secrets and yet not allowed to look at itself: the secrets' own answers will tell.
        return new VaultToken(token, obtained, TimeSpan.Zero, IsRenewable: false) { IsUnproved = true };
    }

    // Old servers tell it only to who asks; a token that may not ask is taken for one without limit.
    private async Task<long> UsesAsync(string token, VaultAuth auth, CancellationToken cancellation) =>
        auth.NumUses ?? ((await http.GetAsync("auth/token/lookup-self", token, cancellation)).TryGet(out var answer, out _)
            ? answer.Body.Data?.NumUses ?? 0
            : 0);

    private Failure RefuseLimited()
    {
        LogLimited();
        return Limited;
    }

    /// <summary>Null for a role that binds none.</summary>
    private static async Task<string?> SecretIdAsync(HashiCorpVaultOptions settings, CancellationToken cancellation) => settings switch
    {
        { SecretId: { Length: > 0 } secret } => secret,
        { SecretIdFile: { Length: > 0 } path } => await ReadAsync(path, cancellation),
        _ => null,
    };

    private static async Task<string> ReadAsync(string path, CancellationToken cancellation) =>
        (await File.ReadAllTextAsync(path, cancellation)).Trim();

    private async Task<string> JwtAsync(string scope, CancellationToken cancellation) =>
        (await identity.GetTokenAsync(new TokenRequestContext([scope]), cancellation)).Token;

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault refuses the login at auth/{Mount} ({Status}): look at its role, at what this app is configured with, and whether the secret id has ended or is used up (secret_id_num_uses)")]
    private partial void LogRefused(string mount, int status);

    [LoggerMessage(Level = LogLevel.Error, Message = "There is nothing to log in to the vault with: a file or the Azure identity's token is missing: {Reason}")]
    private partial void LogNoCredential(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault's token file holds no token")]
    private partial void LogNoToken();

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault's token is good for a limited number of requests: set token_num_uses of its role to 0, or make the token without -use-limit")]
    private partial void LogLimited();
}
