using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace MtlsFunctions.Shared;

public enum KeyKind
{
    P256,
    P384,
    P521,
    Rsa1024,
    Rsa2048,
    Rsa3072,
    Rsa4096,
}

/// <summary>Private keys for tests. Large RSA keys take seconds to find, so one of each size serves the whole process.</summary>
internal static class TestKeys
{
    private static readonly ConcurrentDictionary<KeyKind, Lazy<RSAParameters>> LargeKeys = new();

    public static AsymmetricAlgorithm Create(KeyKind kind) => kind switch
    {
        KeyKind.P256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        KeyKind.P384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        KeyKind.P521 => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        KeyKind.Rsa1024 => RSA.Create(1024),
        KeyKind.Rsa2048 => RSA.Create(2048),
        KeyKind.Rsa3072 => Shared(kind, 3072),
        KeyKind.Rsa4096 => Shared(kind, 4096),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such key."),
    };

    private static RSA Shared(KeyKind kind, int bits) => RSA.Create(LargeKeys.GetOrAdd(kind, _ => new(() =>
    {
        using var key = RSA.Create(bits);
        return key.ExportParameters(includePrivateParameters: true);
    })).Value);
}
