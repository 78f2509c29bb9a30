using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates;
using MtlsFunctions.Certificates.Pkcs12;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared;
using MtlsFunctions.Tests.Authorization;

namespace MtlsFunctions.Tests.CertificateVaults;

/// <summary>What goes into vaults: accounts as credentials name them, and certificates as uploads bring them.</summary>
public sealed class VaultSamples : IAsyncLifetime
{
    private static long lastId = 4_000_000_000;

    private readonly ConcurrentDictionary<string, AccountId> accounts = new();
    private Verifier? verifier;

    public TestPki Pki { get; } = new();

    public async ValueTask InitializeAsync() => verifier = await Verifier.StartAsync();

    public async Task<AccountId> AccountAsync(string text) =>
        accounts.TryGetValue(text, out var known) ? known : accounts[text] = (await verifier!.AdmitsAsync(verifier.Issuer.Token(text))).Account;

    /// <summary>An entry that nobody has used.</summary>
    public async Task<VaultEntry> EntryAsync(string account = "le1606809") =>
        new(await AccountAsync(account), VaultEntry.NewName(), Interlocked.Increment(ref lastId));

    /// <summary>As the product encodes an upload for the vault; no two are the same.</summary>
    public byte[] Pkcs12(Action<ClientOptions>? configure = null)
    {
        var client = Pki.IssueClient(configure: options =>
        {
            (options.Iterations, options.MacIterations) = (1, 1);
            configure?.Invoke(options);
        });
        return Open(client.Pkcs12, client.Password);
    }

    public static byte[] Open(byte[] upload, string password)
    {
        Assert.True(Pkcs12File.Open(upload, password, TimeProvider.System.GetUtcNow()).TryGet(out var opened, out var failure), failure?.Detail);
        using var certificate = opened.Certificate;
        return certificate.ToPkcs12();
    }

    /// <summary>The same certificate, with a private key that signs for it, and the same intermediates.</summary>
    public static void AreTheSame(byte[] expected, byte[] actual)
    {
        using var stored = ClientCertificate.FromVault(expected);
        using var loaded = ClientCertificate.FromVault(actual);
        Assert.Equal(stored.Thumbprint, loaded.Thumbprint);
        Assert.True(SignsFor(loaded.Leaf, stored.Leaf), "The private key is another one.");
        Assert.Equal(Thumbprints(stored.Intermediates), Thumbprints(loaded.Intermediates));
    }

    public static string ThumbprintOf(byte[] pkcs12)
    {
        using var certificate = ClientCertificate.FromVault(pkcs12);
        return certificate.Thumbprint;
    }

    public ValueTask DisposeAsync() => verifier?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static bool SignsFor(X509Certificate2 signer, X509Certificate2 certificate)
    {
        byte[] text = [1, 2, 3];
        using var rsa = signer.GetRSAPrivateKey();
        if (rsa is not null)
        {
            using var publicRsa = certificate.GetRSAPublicKey()!;
            return publicRsa.VerifyData(
                text, rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pss), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        }

        using var ecdsa = signer.GetECDsaPrivateKey()!;
        using var publicEcdsa = certificate.GetECDsaPublicKey()!;
        return publicEcdsa.VerifyData(text, ecdsa.SignData(text, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256);
    }

    // A vault may return them in another order: TLS sends them sorted by what they certify.
    private static IEnumerable<string> Thumbprints(X509Certificate2Collection certificates) => certificates.Select(TestPki.ThumbprintOf).Order();
}
