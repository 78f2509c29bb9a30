using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Forwarding;

/// <summary>Which remote certificates are believed: those that the system trusts, and those of the configured roots.</summary>
public sealed class RemoteTrust
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection roots = [];

    public RemoteTrust(IOptions<ForwardingOptions> options)
    {
        foreach (var path in options.Value.TrustedRoots.Where(path => path.Length > 0))
            roots.ImportFromPemFile(path);
    }

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
    public string Describe() => roots.Count == 0 ? "the system's roots" : $"the system's roots and {roots.Count} of the operator's";

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

        using var own = new X509Chain { ChainPolicy = SystemPolicy() };
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(roots);
        own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        if (roots.Count > 0 && own.Build(remote))
            return true;
        throw new RemoteCertificateException(Explain(own.ChainStatus.Concat(chain.ChainStatus)));
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
