namespace MtlsFunctions.Storage;

/// <summary>The kinds of rows in an account's partition; the first part of every row key.</summary>
public static class RowKinds
{
    public const string Certificate = "certificate";

    /// <summary>Keeps a certificate's name unique: key is the hash of the name.</summary>
    public const string CertificateName = "certificate-name";

    /// <summary>One for each stored version of a certificate: key is its id and the version.</summary>
    public const string CertificateVersion = "certificate-version";

    /// <summary>When a certificate was last presented.</summary>
    public const string CertificateUse = "certificate-use";

    /// <summary>What is left of a deleted certificate, with the name of its vault entry.</summary>
    public const string DeletedCertificate = "deleted-certificate";

    public const string AppKey = "app-key";

    /// <summary>Keys of the gateway itself, only in its own partition.</summary>
    public const string GatewayKey = "gateway-key";

    public const string Audit = "audit";

    public const string Mapping = "mapping";

    /// <summary>Keeps (service, URL) unique and leads runtime to the mapping: key is the hash of both.</summary>
    public const string MappingKey = "mapping-key";

    /// <summary>Keeps a mapping's name unique: key is the hash of the name.</summary>
    public const string MappingName = "mapping-name";
}
