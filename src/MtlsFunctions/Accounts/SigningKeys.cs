using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>The keys that sign our own tokens. They live in the vault; each signs for a while, and its tokens are believed until they end.</summary>
public sealed class SigningKeys(GatewayKeys keys, IOptions<AccountOptions> options, TimeProvider clock) : ISigningKeySource
{
    private const string Purpose = "token-signing";
    private const int RsaBits = 2048;

    // Another instance's new key is noticed by its unknown id, so this only bounds how long an old one stays.
    private static readonly TimeSpan CacheTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RefetchInterval = TimeSpan.FromSeconds(1);

    private volatile Cached? cached;

    public async Task<Outcome<SigningCredentials>> CurrentAsync(CancellationToken cancellation)
    {
        if (!(await keys.CurrentAsync(Purpose, options.Value.SigningKeyLifetime, NewKey, cancellation)).TryGet(out var row, out var failure))
            return failure;
        if (!(await keys.LoadAsync(row)).TryGet(out var certificate, out failure))
            return failure;
        return new SigningCredentials(new RsaSecurityKey(certificate.GetRSAPrivateKey()) { KeyId = KeyId(row.Id) }, SecurityAlgorithms.RsaSha256);
    }

    public async ValueTask<IReadOnlyCollection<SecurityKey>?> GetAsync(CancellationToken cancellation) =>
        cached is { } known && clock.GetUtcNow() - known.At < CacheTime ? known.Keys : await FetchAsync(cancellation);

    public async ValueTask<IReadOnlyCollection<SecurityKey>?> GetNewerThanAsync(IReadOnlyCollection<SecurityKey> known, CancellationToken cancellation) =>
        cached is { } now && (!ReferenceEquals(now.Keys, known) || clock.GetUtcNow() - now.At < RefetchInterval) ? now.Keys : await FetchAsync(cancellation);

    public async Task<bool> IsReachableAsync(CancellationToken cancellation) => await FetchAsync(cancellation) is not null;

    private async Task<IReadOnlyCollection<SecurityKey>?> FetchAsync(CancellationToken cancellation)
    {
        // A key's last tokens end one session after it stopped signing.
        var oldest = clock.GetUtcNow() - options.Value.SigningKeyLifetime - options.Value.SessionLifetime - options.Value.TokenLifetime;
        var found = new List<SecurityKey>();
        foreach (var row in (await keys.ListAsync(Purpose, cancellation)).Where(row => row.Created > oldest))
        {
            if (!(await keys.LoadAsync(row)).TryGet(out var certificate, out _))
                return cached?.Keys;
            found.Add(new RsaSecurityKey(certificate.GetRSAPublicKey()!.ExportParameters(includePrivateParameters: false)) { KeyId = KeyId(row.Id) });
        }

        cached = new Cached(found, clock.GetUtcNow());
        return found;
    }

    private static string KeyId(long id) => id.ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    private static (AsymmetricAlgorithm, CertificateRequest) NewKey()
    {
        var key = RSA.Create(RsaBits);
        return (key, new CertificateRequest("CN=MtlsFunctions token signing", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private sealed record Cached(IReadOnlyCollection<SecurityKey> Keys, DateTimeOffset At);
}
