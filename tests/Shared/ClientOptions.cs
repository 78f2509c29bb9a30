using System.Security.Cryptography;

namespace MtlsFunctions.Shared;

public enum ClientUsage
{
    ClientAuth,
    ServerAuth,
    Both,

    /// <summary>No extended key usage extension at all.</summary>
    Absent,
}

public enum Pkcs12Encryption
{
    /// <summary>PBES2 with AES-256-CBC and PBKDF2-SHA256, MAC SHA-256: what OpenSSL 3 and current Java write.</summary>
    Pbes2Aes256Sha256,

    /// <summary>pbeWithSHAAnd3-KeyTripleDES-CBC, MAC SHA-1: "Java compliant". For RC2 see <see cref="LegacyPkcs12"/>.</summary>
    LegacyTripleDes,
}

/// <summary>How the p12 file is made, whatever is inside.</summary>
public class Pkcs12Options
{
    /// <summary>Unlike any other, so that a leaked one can be looked for.</summary>
    public string Password { get; set; } = "p12-" + RandomNumberGenerator.GetHexString(16, lowercase: true);

    public Pkcs12Encryption Encryption { get; set; } = Pkcs12Encryption.Pbes2Aes256Sha256;

    /// <summary>Key-derivation rounds of the key and of the certificates; really performed, so keep them modest.</summary>
    public int Iterations { get; set; } = 2048;

    public int MacIterations { get; set; } = 2048;

    /// <summary>False makes a p12 of certificates only.</summary>
    public bool IncludePrivateKey { get; set; } = true;

    /// <summary>Unrelated certificates are added until the file is larger than this many bytes.</summary>
    public int LargerThan { get; set; }
}

/// <summary>A client certificate to issue, and its p12.</summary>
public sealed class ClientOptions : Pkcs12Options
{
    public KeyKind Key { get; set; } = KeyKind.P256;

    /// <summary>Default: a day ago.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>Default: in a year.</summary>
    public DateTimeOffset? NotAfter { get; set; }

    public ClientUsage Usage { get; set; } = ClientUsage.ClientAuth;

    public bool FromIntermediate { get; set; }

    /// <summary>Whether the p12 holds the intermediate that issued the certificate.</summary>
    public bool IncludeChain { get; set; } = true;
}
