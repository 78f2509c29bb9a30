using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>What configuration must say, told at start and not by the first call that fails.</summary>
public sealed class HashiCorpVaultOptionsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-options-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("Token=s.abc")]
    [InlineData("TokenFile=/run/vault/token")]
    [InlineData("RoleId=role;SecretId=secret")]
    [InlineData("RoleId=role;SecretIdFile=/run/vault/secret-id")]
    [InlineData("RoleId=role")]
    [InlineData("JwtRole=gateway;JwtScope=api://vault/.default")]
    [InlineData("Token=s.abc;Namespace=team1/sub;Mount=kv/v2;Folder=apps/gateway")]
    [InlineData("Token=s.abc;Address=http://vault.example;DangerousAllowHttp=true")]
    [InlineData("Token=s.abc;Address=https://gateway.example/vault/")]
    public async Task A_complete_configuration_starts(string settings)
    {
        await using var services = Services(settings);

        services.GetRequiredService<IStartupValidator>().Validate();
        var vault = Assert.IsType<MeasuredVault>(services.GetRequiredService<ICertificateVault>());
        Assert.Equal("HashiCorpVault", vault.Measured.GetType().Name);
    }

    [Theory]
    [InlineData("", "Token")]
    [InlineData("Token=s.abc;TokenFile=/run/vault/token", "Token")]
    [InlineData("Token=s.abc;RoleId=role;SecretId=secret", "RoleId")]
    [InlineData("JwtRole=gateway;JwtScope=api://vault;TokenFile=/run/vault/token", "JwtRole")]
    [InlineData("Token=two words", "Token")]
    [InlineData("RoleId=role;SecretId=secret;SecretIdFile=/run/vault/secret-id", "SecretId")]
    [InlineData("JwtRole=gateway", "JwtScope")]
    [InlineData("Token=s.abc;Address=", "Address")]
    [InlineData("Token=s.abc;Address=http://vault.example", "Address")]
    [InlineData("Token=s.abc;Address=ftp://vault.example;DangerousAllowHttp=true", "Address")]
    [InlineData("Token=s.abc;Address=https://user:password@vault.example", "Address")]
    [InlineData("Token=s.abc;Address=https://vault.example?token=1", "Address")]
    [InlineData("Token=s.abc;Mount=", "Mount")]
    [InlineData("Token=s.abc;Mount=/secret", "Mount")]
    [InlineData("Token=s.abc;Mount=secret/../sys", "Mount")]
    [InlineData("Token=s.abc;Folder=..", "Folder")]
    [InlineData("Token=s.abc;Folder=a%2Fb", "Folder")]
    [InlineData("Token=s.abc;Namespace=team1/", "Namespace")]
    [InlineData("Token=s.abc;AppRoleMount=a b", "AppRoleMount")]
    [InlineData("Token=s.abc;JwtMount=a?b", "JwtMount")]
    [InlineData("Token=s.abc;CaFile=/there/is/no/such.pem", "CaFile")]
    [InlineData("Token=s.abc;MaxVersions=1", "MaxVersions")]
    [InlineData("Token=s.abc;Timeout=1.00:00:00", "Timeout")]
    [InlineData("Token=s.abc;StandbyLag=00:01:00", "StandbyLag")]
    [InlineData("Token=s.abc;AttemptTimeout=00:00:00", "AttemptTimeout")]
    public async Task An_incomplete_or_dangerous_configuration_does_not_start_and_names_the_setting(string settings, string named)
    {
        await using var services = Services(settings);

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_authorities_that_holds_none_does_not_start()
    {
        var path = Path.Combine(folder.FullName, "empty.pem");
        await File.WriteAllTextAsync(path, "no certificate here\n", TestContext.Current.CancellationToken);
        await using var services = Services($"Token=s.abc;CaFile={path}");

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("CaFile", refused.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(string settings)
    {
        var all = new Dictionary<string, string?> { ["Vault:Kind"] = "HashiCorp", ["HashiCorpVault:Address"] = "https://vault.example:8200" };
        foreach (var setting in settings.Split(';', StringSplitOptions.RemoveEmptyEntries))
            all[$"HashiCorpVault:{setting[..setting.IndexOf('=', StringComparison.Ordinal)]}"] = setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return HashiCorpVaultUnderTest.Compose(all, new VaultUnderTestOptions(VaultDialect.Vault18), new CapturedLog());
    }
}
