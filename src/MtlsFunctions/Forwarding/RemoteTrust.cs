using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MtlsFunctions.Forwarding.Tls;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// Which remote certificates are believed: those that the system trusts, and those of the configured roots. A mapping that brings
/// anchors of its own has a trust of its own: theirs, and nobody else's.
/// </summary>
public sealed class RemoteTrust
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    private readonly TrustAnchors anchors;
    private readonly bool isOfMapping;
    private readonly bool refusesWeak;

    public RemoteTrust(IOptions<ForwardingOptions> options)
    {
        var files = new X509Certificate2Collection();
        foreach (var path in options.Value.TrustedRoots.Where(path => path.Length > 0))
            files.ImportFromPemFile(path);
        anchors = new TrustAnchors([.. files.Where(TrustAnchors.IsSelfIssued)]);
        refusesWeak = options.Value.RefuseWeakRemoteCertificates;
    }

    private RemoteTrust(TrustedCa own, bool refusesWeak) =>
        (anchors, isOfMapping, this.refusesWeak) = (new TrustAnchors(own.Load()), true, refusesWeak);

    /// <summary>The trust for a mapping with these anchors; this one for a mapping without.</summary>
    public RemoteTrust Of(TrustedCa? own) => own is null ? this : new RemoteTrust(own, refusesWeak);

    /// <summary>For <see cref="SslClientAuthenticationOptions.CertificateChainPolicy"/>.</summary>
    public X509ChainPolicy Policy() => isOfMapping ? anchors.Policy() : SystemPolicy();

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
    public string Describe() => isOfMapping ? $"the mapping's trustedCa alone: {string.Join("; ", anchors.Certificates.Select(one => one.Subject))}"
        : anchors.Count == 0 ? "the system's roots" : $"the system's roots and {anchors.Count} of the operator's";

    /// <summary>For <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>.</summary>
    /// <exception cref="RemoteCertificateException">Says what is wrong, which the runtime's own exception doesn't.</exception>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 remote || chain is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            throw new RemoteCertificateException(TransportError.TlsFailed);
        ShownCertificates.Note(sender, remote, chain.ChainPolicy.ExtraStore);
        var (verdict, path) = Judge(remote, chain, errors);
        return verdict.Code is not { } code
            ? true
            : throw new RemoteCertificateException(code, Describe(remote, chain, verdict, path));
    }

    /// <summary>The same judgement, told instead of thrown, for who only looks.</summary>
    /// <returns>The code, null when it is believed; and the certificate with what is wrong or weak about it.</returns>
    internal (string? Code, RemoteCertificate Certificate) Look(X509Certificate2 remote, X509Chain chain, SslPolicyErrors errors)
    {
        var (verdict, path) = Judge(remote, chain, errors);
        return (verdict.Code, Describe(remote, chain, verdict, path));
    }

    /// <param name="sent">What a remote sent in a handshake that it ended itself, DER.</param>
    /// <returns>Nothing when there is nothing that can be read.</returns>
    internal (string? Code, RemoteCertificate? Certificate) Look(IReadOnlyList<byte[]> sent, string host)
    {
        using var chain = new X509Chain { ChainPolicy = Policy() };
        try
        {
            foreach (var one in sent)
                chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(one));
        }
        catch (CryptographicException)
        {
            return default;
        }

        if (chain.ChainPolicy.ExtraStore is not [var remote, ..])
            return default;
        var errors = chain.Build(remote) ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors;
        return Look(remote, chain, remote.MatchesHostname(host) ? errors : errors | SslPolicyErrors.RemoteCertificateNameMismatch);
    }

    private (RemoteVerdict Verdict, IReadOnlyList<X509Certificate2> Path) Judge(X509Certificate2 remote, X509Chain chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return (RemoteVerdict.WrongHost(remote), []);
        if (errors == SslPolicyErrors.None)
            return Weighed([.. chain.ChainElements.Select(element => element.Certificate)]);
        var isTrusted = anchors.IsTrusted(remote, chain.ChainPolicy.ExtraStore, out var path, out var own);
        using (own)
            return isTrusted ? Weighed(path) : (RemoteVerdict.Refused(remote, own, chain), []);
    }

    private (RemoteVerdict Verdict, IReadOnlyList<X509Certificate2> Path) Weighed(List<X509Certificate2> path) =>
        refusesWeak && RemoteVerdict.Weaknesses(path) is { Count: > 0 } weak ? (RemoteVerdict.Weak(weak), path) : (RemoteVerdict.Believed, path);

    private static RemoteCertificate Describe(X509Certificate2 remote, X509Chain chain, RemoteVerdict verdict, IReadOnlyList<X509Certificate2> path) =>
        RemoteCertificate.Of(remote, chain.ChainPolicy.ExtraStore, verdict.Missing, verdict.Problem, RemoteVerdict.Weaknesses(path));
}
