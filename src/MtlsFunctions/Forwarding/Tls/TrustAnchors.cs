using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Forwarding.Tls;

/// <summary>
/// Certificates that a chain may end at. An anchor is a name with a key (RFC 5280 section 6.1.1): the runtime takes whichever
/// certificate of them it finds first, an expired one too, so what counts here is whether one of them is valid.
/// </summary>
internal sealed class TrustAnchors(X509Certificate2Collection anchors)
{
    // What the runtime holds against an anchor only because it isn't the root of everything.
    private const X509ChainStatusFlags OfNoWeight = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    public int Count => anchors.Count;

    public IEnumerable<X509Certificate2> Certificates => anchors;

    public static bool IsSelfIssued(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    /// <summary>For a chain that may end at these alone.</summary>
    public X509ChainPolicy Policy() => Policy(anchors);

    /// <param name="sent">What the remote sent, in any order.</param>
    /// <param name="path">From the certificate to the anchor, when it is trusted.</param>
    /// <param name="found">The chain that was found; the caller's to dispose.</param>
    public bool IsTrusted(X509Certificate2 remote, X509Certificate2Collection sent, out List<X509Certificate2> path, out X509Chain found)
    {
        found = Build(remote, sent, anchors);
        if (LeadsToAnchor(found, out path))
            return true;
        // Of several with one name and different keys the runtime tries one.
        foreach (var rivals in anchors.GroupBy(anchor => anchor.Subject).Where(group => group.Count() > 1))
            foreach (var one in rivals)
            {
                using var chain = Build(remote, sent, [.. anchors.Where(anchor => anchor.Subject != one.Subject), one]);
                if (LeadsToAnchor(chain, out path))
                    return true;
            }

        return false;
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection from)
    {
        var policy = RemoteTrust.SystemPolicy();
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(from);
        return policy;
    }

    private static X509Chain Build(X509Certificate2 remote, X509Certificate2Collection sent, X509Certificate2Collection from)
    {
        var chain = new X509Chain { ChainPolicy = Policy(from) };
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        chain.ChainPolicy.ExtraStore.AddRange(from.Where(anchor => !IsSelfIssued(anchor)).ToArray());
        chain.Build(remote);
        return chain;
    }

    // Up to the anchor everything must be in order; what lies behind it is nobody's business.
    private bool LeadsToAnchor(X509Chain chain, out List<X509Certificate2> path)
    {
        path = [];
        var now = chain.ChainPolicy.VerificationTime.ToUniversalTime();
        foreach (var (depth, element) in chain.ChainElements.Index())
        {
            path.Add(element.Certificate);
            var flags = element.ChainElementStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
            if (depth == 0 && anchors.Any(anchor => anchor.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span)))
                return (flags & ~OfNoWeight) == X509ChainStatusFlags.NoError;
            if (depth > 0 && anchors.Where(anchor => IsSame(anchor, element.Certificate)).ToArray() is { Length: > 0 } same)
                return (flags & ~OfNoWeight & ~X509ChainStatusFlags.NotTimeValid) == X509ChainStatusFlags.NoError
                    && same.Any(anchor => anchor.NotBefore.ToUniversalTime() <= now && now <= anchor.NotAfter.ToUniversalTime());
            if (flags != X509ChainStatusFlags.NoError)
                return false;
        }

        return false;
    }

    private static bool IsSame(X509Certificate2 one, X509Certificate2 other) =>
        one.SubjectName.RawData.AsSpan().SequenceEqual(other.SubjectName.RawData)
        && one.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(other.PublicKey.ExportSubjectPublicKeyInfo());
}
