using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Forwarding.Tls;

/// <summary>
/// Whether a remote has asked for a client certificate that nobody has: SslStream has no property for that, but asks its callback
/// for one as soon as it knows the remote's certificate.
/// </summary>
internal static class ClientCertificateDemand
{
    private static readonly ConditionalWeakTable<object, IReadOnlyList<string>> Demands = [];

    /// <summary>For <see cref="SslClientAuthenticationOptions.LocalCertificateSelectionCallback"/>.</summary>
    public static X509Certificate ShowNothing(
        object sender, string targetHost, X509CertificateCollection localCertificates, X509Certificate? remoteCertificate, string[] acceptableIssuers)
    {
        // It is asked before the handshake too, when nobody has demanded anything.
        if (remoteCertificate is not null)
            Demands.AddOrUpdate(sender, acceptableIssuers);
        return null!;
    }

    public static bool IsMadeOn(SslStream tls) => Demands.TryGetValue(tls, out _);

    /// <summary>Names of the authorities whose certificates the remote says it takes; null without a demand.</summary>
    public static IReadOnlyList<string>? IssuersFor(SslStream tls) => Demands.TryGetValue(tls, out var issuers) ? issuers : null;
}
