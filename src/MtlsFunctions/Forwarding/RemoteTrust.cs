using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// Which remote certificates are believed: those that the system trusts, and those of the configured roots. A mapping that brings
/// roots of its own has a trust of its own: theirs, and nobody else's.
/// </summary>
public sealed class RemoteTrust
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection roots = [];
    private readonly bool isOfMapping;

    public RemoteTrust(IOptions<ForwardingOptions> options)
    {
        foreach (var path in options.Value.TrustedRoots.Where(path => path.Length > 0))
            roots.ImportFromPemFile(path);
    }

    private RemoteTrust(TrustedCa own) => (roots, isOfMapping) = (own.Load(), true);

    /// <summary>The trust for a mapping with these roots; this one for a mapping without.</summary>
    public RemoteTrust Of(TrustedCa? own) => own is null ? this : new RemoteTrust(own);

    /// <summary>For <see cref="SslClientAuthenticationOptions.CertificateChainPolicy"/>.</summary>
    public X509ChainPolicy Policy() => isOfMapping ? RootsOnly() : SystemPolicy();

    /// <summary>
    /// No downloads: a remote certificate could name any address as the place of its issuer's, and the runtime would fetch it
    /// past the target guard.
    /// </summary>
    public static X509ChainPolicy SystemPolicy() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        ApplicationPolicy = { new Oid(ServerAuth) },
    };

    /// <summary>For people: whose certificates are believed.</summary>
    public string Describe() => isOfMapping ? $"the mapping's trustedCa alone: {string.Join("; ", roots.Select(root => root.Subject))}"
        : roots.Count == 0 ? "the system's roots" : $"the system's roots and {roots.Count} of the operator's";

    /// <summary>For <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>.</summary>
    /// <exception cref="RemoteCertificateException">Says what is wrong, which the runtime's own exception doesn't.</exception>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (certificate is not X509Certificate2 remote || chain is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            throw new RemoteCertificateException(TransportError.TlsFailed);
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            throw new RemoteCertificateException(TransportError.TlsWrongHost);

        using var own = new X509Chain { ChainPolicy = RootsOnly() };
        own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        if (roots.Count > 0 && own.Build(remote))
            return true;
        throw new RemoteCertificateException(Explain(own.ChainStatus.Concat(chain.ChainStatus)));
    }

    private X509ChainPolicy RootsOnly()
    {
        var policy = SystemPolicy();
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    private static string Explain(IEnumerable<X509ChainStatus> statuses) =>
        statuses.Any(status => status.Status.HasFlag(X509ChainStatusFlags.NotTimeValid))
            ? TransportError.TlsExpired
            : TransportError.TlsUntrusted;
}

/// <summary>The remote endpoint's certificate is not believed.</summary>
public sealed class RemoteCertificateException(string code) : AuthenticationException($"The remote certificate is not accepted: {code}.")
{
    /// <summary>One of <see cref="TransportError"/>.</summary>
    public string Code => code;
}
