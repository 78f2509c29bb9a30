using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Accounts;

/// <summary>
/// Derives the two secrets of an app key from a key in the vault (HKDF, RFC 5869), so that the table holds none: whoever reads
/// the table can't sign anything.
/// </summary>
public sealed class AppKeySecretSource(GatewayKeys keys)
{
    private const string Purpose = "app-keys";
    private const int SecretBytes = 24;

    /// <returns>The id of the gateway key to derive from; what to pass to <see cref="DeriveAsync"/>.</returns>
    public async Task<Outcome<long>> CurrentKeyAsync(CancellationToken cancellation)
    {
        var current = await keys.CurrentAsync(Purpose, TimeSpan.MaxValue, NewKey, cancellation);
        return current.TryGet(out var row, out var failure) ? row.Id : failure;
    }

    public async Task<Outcome<(string ConsumerSecret, string TokenSecret)>> DeriveAsync(AppKeyRow appKey, CancellationToken cancellation)
    {
        var source = (await keys.ListAsync(Purpose, cancellation)).FirstOrDefault(row => row.Id == appKey.SourceKeyId);
        if (source is null)
            return new Failure(FailureKind.VaultEntryMissing, "Create the app key again: the key from which its secrets came is gone.");
        if (!(await keys.LoadAsync(source)).TryGet(out var certificate, out var failure))
            return failure;
        return (Derive(certificate, appKey, "consumer"), Derive(certificate, appKey, "token"));
    }

    private static string Derive(X509Certificate2 source, AppKeyRow appKey, string use)
    {
        using var key = source.GetECDsaPrivateKey() ?? throw new InvalidOperationException("The gateway key for app keys is not an ECDSA key.");
        var secret = key.ExportParameters(includePrivateParameters: true).D!;
        var info = Encoding.UTF8.GetBytes($"mtlsfunctions app key\n{use}\n{appKey.PartitionKey}\n{appKey.Id}\n{appKey.Token}");
        var derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, SecretBytes, info: info);
        CryptographicOperations.ZeroMemory(secret);
        return Convert.ToHexStringLower(derived);
    }

    private static (AsymmetricAlgorithm, CertificateRequest) NewKey()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key, new CertificateRequest("CN=MtlsFunctions app keys", key, HashAlgorithmName.SHA256));
    }
}
