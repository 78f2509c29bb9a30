using System.Security.Cryptography;
using Azure.Core;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>The ways to a token, each as an operator would set it up.</summary>
public sealed class VaultLoginTests(VaultSamples samples) : IClassFixture<VaultSamples>, IDisposable
{
    private const string Scope = "api://vault/.default";

    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-login-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string File => Path.Combine(folder.FullName, "credential");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(VaultDialect.Vault18)]
    [InlineData(VaultDialect.OpenBao26)]
    public async Task A_token_is_used_as_it_is_and_renewed(VaultDialect dialect)
    {
        await using var vault = await StartAsync(dialect, async (setUp, settings) =>
            await Replace(settings, "Token", await LogInAsync(setUp, settings)));
        Assert.Null(await FailureAsync(vault));
        Assert.Equal(1, vault.Server.Count("GET", "auth/token/lookup-self"));

        clock.Advance(TimeSpan.FromMinutes(14));

        await Eventually.TrueAsync(() => vault.Server.Count("POST", "auth/token/renew-self") == 1);
    }

    [Fact]
    public async Task A_token_that_never_ends_is_never_renewed()
    {
        await using var vault = await StartAsync(VaultDialect.Vault18, (_, settings) => Replace(settings, "Token", VaultServer.RootToken));
        Assert.Null(await FailureAsync(vault));

        clock.Advance(TimeSpan.FromDays(365));

        Assert.Null(await FailureAsync(vault));
        Assert.Equal(0, vault.Server.Count("POST", "auth/token/renew-self"));
    }

    [Fact]
    public async Task A_token_that_may_not_look_at_itself_is_good_for_secrets_all_the_same()
    {
        await using var vault = await StartAsync(VaultDialect.OpenBao26, (_, settings) => Replace(settings, "Token", VaultServer.RootToken));
        vault.Server.Script = VaultScripts.Only(
            1, request => request.Path.Value!.EndsWith("lookup-self", StringComparison.Ordinal), VaultScripts.Answer(403, "permission denied"));

        Assert.Null(await FailureAsync(vault));
    }

    [Fact]
    public async Task A_token_file_is_read_again_when_its_token_is_gone()
    {
        VaultOperator? setUp = null;
        Dictionary<string, string?> appRole = [];
        await using var vault = await StartAsync(VaultDialect.Vault18, async (found, settings) =>
        {
            (setUp, appRole) = (found, new(settings));
            await System.IO.File.WriteAllTextAsync(File, $"{await LogInAsync(found, settings)}\n", Cancellation);
            await Replace(settings, "TokenFile", File);
        });
        Assert.Null(await FailureAsync(vault));
        await vault.Server.RevokeTokensAsync();
        await System.IO.File.WriteAllTextAsync(File, await LogInAsync(setUp!, appRole), Cancellation);
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await FailureAsync(vault));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a token")]
    [InlineData("täuschung")]
    [InlineData("s.first\nX-Vault-Namespace: other")]
    public async Task What_is_no_token_is_not_sent(string content)
    {
        await System.IO.File.WriteAllTextAsync(File, content, Cancellation);
        await using var vault = await StartAsync(VaultDialect.Vault18, (_, settings) => Replace(settings, "TokenFile", File));
        var before = vault.Server.Faults.Requests;

        Assert.Equal(FailureKind.VaultRefused, await FailureAsync(vault));
        Assert.Equal(before, vault.Server.Faults.Requests);
    }

    [Theory]
    [InlineData("TokenFile")]
    [InlineData("SecretIdFile")]
    public async Task A_file_that_is_not_there_is_an_operators_matter(string setting)
    {
        await using var vault = await StartAsync(VaultDialect.Vault18, (_, settings) =>
        {
            var roleId = settings["HashiCorpVault:RoleId"];
            Replace(settings, setting, File);
            settings["HashiCorpVault:RoleId"] = setting == "SecretIdFile" ? roleId : null;
            return Task.CompletedTask;
        });

        Assert.Equal(FailureKind.VaultRefused, await FailureAsync(vault));
    }

    [Fact]
    public async Task A_secret_id_file_is_read_at_each_login()
    {
        var secretId = "";
        await using var vault = await StartAsync(VaultDialect.OpenBao26, async (_, settings) =>
        {
            secretId = settings["HashiCorpVault:SecretId"]!;
            await System.IO.File.WriteAllTextAsync(File, "not yet", Cancellation);
            (settings["HashiCorpVault:SecretId"], settings["HashiCorpVault:SecretIdFile"]) = (null, File);
        });
        Assert.Equal(FailureKind.VaultRefused, await FailureAsync(vault));

        await System.IO.File.WriteAllTextAsync(File, secretId + "\r\n", Cancellation);
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(await FailureAsync(vault));
    }

    [Theory]
    [InlineData(VaultDialect.Vault18, "api://vault", true)]
    [InlineData(VaultDialect.OpenBao26, "api://vault", true)]
    [InlineData(VaultDialect.Vault18, "api://other", false)]
    [InlineData(VaultDialect.OpenBao26, "api://other", false)]
    public async Task The_Azure_identity_logs_in_with_a_token_for_the_roles_audience(VaultDialect dialect, string audience, bool succeeds)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var identity = new SignedIdentity(key, audience, clock);
        await using var vault = await StartAsync(
            dialect,
            async (setUp, settings) =>
            {
                await setUp.EnableLoginAsync("entra", "jwt");
                await setUp.JwtAsync("entra", key.ExportSubjectPublicKeyInfoPem(), SignedIdentity.Issuer, "gateway", "api://vault", HashiCorpVaultUnderTest.Policy);
                await Replace(settings, "JwtRole", "gateway");
                (settings["HashiCorpVault:JwtScope"], settings["HashiCorpVault:JwtMount"]) = (Scope, "entra");
            },
            identity);

        Assert.Equal(succeeds ? null : FailureKind.VaultRefused, await FailureAsync(vault));
        Assert.Equal([Scope], identity.Asked.Distinct());
    }

    [Fact]
    public async Task Without_an_Azure_identity_the_operator_is_told()
    {
        await using var vault = await StartAsync(VaultDialect.Vault18, (_, settings) =>
        {
            settings["HashiCorpVault:JwtScope"] = Scope;
            return Replace(settings, "JwtRole", "gateway");
        });

        Assert.Equal(FailureKind.VaultRefused, await FailureAsync(vault));
        Assert.Contains(vault.Log.Lines, line => line.Text.Contains("There is no identity here.", StringComparison.Ordinal));
    }

    private Task<HashiCorpVaultUnderTest> StartAsync(
        VaultDialect dialect, Func<VaultOperator, Dictionary<string, string?>, Task> configure, TokenCredential? identity = null) =>
        HashiCorpVaultUnderTest.StartAsync(
            samples.Pki, new VaultUnderTestOptions(dialect) { Clock = clock, Configure = configure, Identity = identity ?? new NoIdentity() });

    private async Task<FailureKind?> FailureAsync(HashiCorpVaultUnderTest vault) =>
        (await vault.Vault.ListVersionsAsync(await samples.EntryAsync(), Cancellation)).TryGet(out _, out var failure) ? null : failure.Kind;

    // In place of the AppRole login that the fixture sets up.
    private static Task Replace(Dictionary<string, string?> settings, string setting, string value)
    {
        settings["HashiCorpVault:RoleId"] = settings["HashiCorpVault:SecretId"] = null;
        settings[$"HashiCorpVault:{setting}"] = value;
        return Task.CompletedTask;
    }

    private static Task<string> LogInAsync(VaultOperator setUp, Dictionary<string, string?> settings) =>
        setUp.LogInAsync("approle", settings["HashiCorpVault:RoleId"]!, settings["HashiCorpVault:SecretId"]!);

    /// <summary>An identity whose tokens an issuer has signed for one audience.</summary>
    private sealed class SignedIdentity(ECDsa key, string audience, TimeProvider clock) : TokenCredential
    {
        public const string Issuer = "https://login.example/tenant/v2.0";

        public List<string> Asked { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Asked.AddRange(requestContext.Scopes);
            var now = clock.GetUtcNow();
            var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Audience = audience,
                Claims = new Dictionary<string, object> { ["sub"] = "gateway" },
                NotBefore = now.UtcDateTime,
                Expires = now.AddMinutes(5).UtcDateTime,
                SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
            });
            return new AccessToken(token, now.AddMinutes(5));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
