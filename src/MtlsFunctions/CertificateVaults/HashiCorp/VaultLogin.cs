using Azure.Core;
using Azure.Identity;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>The one configured way to a token.</summary>
internal sealed partial class VaultLogin(
    VaultHttp http, IOptions<HashiCorpVaultOptions> options, TokenCredential identity, TimeProvider clock, ILogger<VaultLogin> log)
{
    /// <returns><see cref="FailureKind.VaultRefused"/> when what was configured is no good.</returns>
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
            LogNoCredential(fault);
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
            return new VaultToken(token, obtained, TimeSpan.FromSeconds(auth.LeaseDuration), auth.Renewable);
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
        if (answer is { IsSuccess: true, Body.Data: { } described })
            return new VaultToken(token, obtained, TimeSpan.FromSeconds(described.Ttl), described.Renewable);
        // It may be good for secrets and yet not allowed to look at itself: the secrets' own answers will tell.
        LogUnknownLife((int)answer.Status);
        return new VaultToken(token, obtained, TimeSpan.Zero, IsRenewable: false);
    }

    private static async Task<string> SecretIdAsync(HashiCorpVaultOptions settings, CancellationToken cancellation) =>
        settings.SecretId is { Length: > 0 } secret ? secret : await ReadAsync(settings.SecretIdFile!, cancellation);

    private static async Task<string> ReadAsync(string path, CancellationToken cancellation) =>
        (await File.ReadAllTextAsync(path, cancellation)).Trim();

    private async Task<string> JwtAsync(string scope, CancellationToken cancellation) =>
        (await identity.GetTokenAsync(new TokenRequestContext([scope]), cancellation)).Token;

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault refuses the login at auth/{Mount} ({Status}): look at its role and at what this app is configured with")]
    private partial void LogRefused(string mount, int status);

    [LoggerMessage(Level = LogLevel.Error, Message = "There is nothing to log in to the vault with: a file or the Azure identity's token is missing")]
    private partial void LogNoCredential(Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "The vault's token file holds no token")]
    private partial void LogNoToken();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vault's token can't look at itself ({Status}), so it is not renewed; give it the policy 'default' if it should be")]
    private partial void LogUnknownLife(int status);
}
