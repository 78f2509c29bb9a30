using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared;

/// <summary>Every kind of p12 that must be refused, by a name for people. What refuses one must refuse them all alike.</summary>
/// <param name="Problem">The last part of the problem type that tells what is wrong.</param>
public sealed record BadPkcs12(string Problem, byte[] File, string Password)
{
    /// <summary>A p12 may have this many bytes.</summary>
    private const int MaxBytes = 18 * 1024;

    private static readonly Dictionary<string, Func<TestPki, BadPkcs12>> Kinds = new()
    {
        ["wrong password"] = pki => Of("p12-wrong-password", pki.IssueClient(), "not the password"),
        ["empty password"] = pki => Of("p12-wrong-password", pki.IssueClient(), ""),
        ["wrong password, old encryption"] = pki => Of("p12-wrong-password", pki.IssueClient(configure: Legacy), "not the password"),
        ["empty file"] = _ => new("p12-unreadable", [], ""),
        ["text"] = _ => new("p12-unreadable", "this is not a p12"u8.ToArray(), ""),
        ["certificate alone"] = pki => new("p12-unreadable", pki.IssueClient().Certificate.RawData, ""),
        ["PEM"] = pki => new("p12-unreadable", [.. pki.RootPem.Select(character => (byte)character)], ""),
        ["cut in the middle"] = pki => Of("p12-unreadable", pki.IssueClient(), file => file[..(file.Length / 2)]),
        ["without private key"] = pki => Of("p12-without-private-key", pki.IssueClient(configure: options => options.IncludePrivateKey = false)),
        ["two keys"] = pki => Of("p12-several-keys", TestPkcs12.WithSeveralKeys(pki.IssueClient("one"), pki.IssueClient("two"))),
        ["another certificate's key"] = pki => Mismatch(pki.IssueClient("one"), pki.IssueClient("two")),
        ["another RSA key"] = pki => Mismatch(
            pki.IssueClient("one", options => options.Key = KeyKind.Rsa2048), pki.IssueClient("two", options => options.Key = KeyKind.Rsa2048)),
        ["RSA key, ECDSA certificate"] = pki => Mismatch(pki.IssueClient("one"), pki.IssueClient("two", options => options.Key = KeyKind.Rsa2048)),
        ["ECDSA key, RSA certificate"] = pki => Mismatch(pki.IssueClient("one", options => options.Key = KeyKind.Rsa2048), pki.IssueClient("two")),
        ["key without certificate"] = pki => new("p12-key-mismatch", HandmadePkcs12.Build(null, KeyOf(pki.IssueClient())), HandmadePkcs12.Password),
        ["nothing at all"] = _ => new("p12-without-private-key", HandmadePkcs12.Build(null, null), HandmadePkcs12.Password),
        ["RSA 1024"] = pki => Of("p12-key-weak", pki.IssueClient(configure: options => options.Key = KeyKind.Rsa1024)),
        ["DSA"] = pki => Of("p12-key-unsupported", pki, UnwantedKeys.Dsa()),
        ["brainpoolP256r1"] = pki => Of("p12-key-unsupported", pki, UnwantedKeys.OnCurve("brainpoolP256r1")),
        ["secp256k1"] = pki => Of("p12-key-unsupported", pki, UnwantedKeys.OnCurve("secp256k1")),
        ["RSA 8676"] = pki => Of("p12-key-unsupported", pki, UnwantedKeys.MersenneRsa(4423, 4253)),
        ["Ed25519"] = pki => Of("p12-key-unsupported", pki, UnwantedKeys.Ed25519()),
        ["P-256 by its numbers"] = pki => Of("p12-key-unsupported", pki, UnwantedKeys.ExplicitP256()),
        ["RSA 21154, more than OpenSSL takes"] = pki => Of("p12-key-unsupported", pki, UnwantedKeys.MersenneRsa(11213, 9941)),
        ["damaged key"] = pki => new("p12-unreadable", HandmadePkcs12.Build(pki.IssueClient().Certificate.RawData, [5, 0]), HandmadePkcs12.Password),
        ["expired"] = pki => Of("p12-expired", pki.IssueClient(configure: options =>
            (options.NotBefore, options.NotAfter) = (TimeProvider.System.GetUtcNow().AddDays(-30), TimeProvider.System.GetUtcNow().AddDays(-1)))),
        ["not yet valid"] = pki => Of("p12-not-yet-valid", pki.IssueClient(configure: options =>
            options.NotBefore = TimeProvider.System.GetUtcNow().AddDays(1))),
        ["one byte too large"] = pki => Of("p12-too-large", pki.IssueClient(), file => [.. file, .. new byte[MaxBytes + 1 - file.Length]]),
        ["200 KB"] = pki => Of("p12-too-large", pki.IssueClient(configure: options => options.LargerThan = 200 * 1024)),
        ["bomb in the MAC"] = pki => Of("p12-key-derivation-too-costly", KdfBomb.Make(pki.IssueClient(), BombPlace.Mac)),
        ["bomb before the certificates"] = pki => Of("p12-key-derivation-too-costly", KdfBomb.Make(pki.IssueClient(), BombPlace.Certificates, count: BigInteger.Pow(2, 63))),
        ["bomb before the key"] = pki => Of("p12-key-derivation-too-costly", KdfBomb.Make(pki.IssueClient(), BombPlace.Key, Pkcs12Encryption.LegacyTripleDes)),
        ["hidden bomb"] = pki => Of("p12-key-derivation-too-costly", KdfBomb.Make(pki.IssueClient(), BombPlace.HiddenKey)),
    };

    public static IEnumerable<string> All => Kinds.Keys;

    public static BadPkcs12 Make(string kind, TestPki pki) => Kinds[kind](pki);

    private static BadPkcs12 Mismatch(TestClient certificate, TestClient key) =>
        new("p12-key-mismatch", HandmadePkcs12.Build(certificate.Certificate.RawData, KeyOf(key)), HandmadePkcs12.Password);

    private static byte[] KeyOf(TestClient client)
    {
        using var key = TestPkcs12.PrivateKeyOf(client.Certificate);
        return key.ExportPkcs8PrivateKey();
    }

    private static void Legacy(ClientOptions options) => options.Encryption = Pkcs12Encryption.LegacyTripleDes;

    private static BadPkcs12 Of(string problem, TestClient client, string? password = null) =>
        new(problem, client.Pkcs12, password ?? client.Password);

    private static BadPkcs12 Of(string problem, TestClient client, Func<byte[], byte[]> change) =>
        new(problem, change(client.Pkcs12), client.Password);

    private static BadPkcs12 Of(string problem, TestPki pki, (PublicKey Public, byte[] Private) key) =>
        new(problem, HandmadePkcs12.Build(pki.Certify(key.Public).RawData, key.Private), HandmadePkcs12.Password);
}
