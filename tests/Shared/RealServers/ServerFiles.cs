using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared.RealServers;

/// <summary>PEM files that a server reads.</summary>
public static class ServerFiles
{
    /// <summary>server.pem (the chain, leaf first) and server.key.</summary>
    public static void WriteServer(string folder, X509Certificate2 leaf, params IEnumerable<X509Certificate2> chain)
    {
        File.WriteAllText(Path.Combine(folder, "server.pem"), string.Concat(chain.Prepend(leaf).Select(one => one.ExportCertificatePem() + "\n")));
        var key = (System.Security.Cryptography.AsymmetricAlgorithm?)leaf.GetECDsaPrivateKey() ?? leaf.GetRSAPrivateKey()
            ?? throw new ArgumentException("Its private key is missing.", nameof(leaf));
        using (key)
            File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>clients.pem: the authorities whose client certificates are accepted.</summary>
    public static void WriteClientAuthorities(string folder, params IEnumerable<X509Certificate2> authorities) =>
        File.WriteAllText(Path.Combine(folder, "clients.pem"), string.Concat(authorities.Select(one => one.ExportCertificatePem() + "\n")));
}
