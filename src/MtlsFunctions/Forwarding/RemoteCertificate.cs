using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// The certificate that a remote endpoint has shown, for people: member <c>remoteCertificate</c> of answers. All of it is the
/// remote's own word, so texts and lists have a bound.
/// </summary>
/// <param name="Names">DNS names and addresses that it is for.</param>
/// <param name="Sha256">SHA-256 of the certificate, lower-case hex.</param>
/// <param name="Chain">What the remote sent, its own certificate first.</param>
/// <param name="Missing">The issuer whose certificate was neither sent nor is known here; null when none is missing.</param>
/// <param name="Problem">What is wrong with it, and what to do about it; null when it is believed, or was not judged.</param>
/// <param name="Warnings">What isn't wrong yet.</param>
public sealed record RemoteCertificate(
    string Subject, string Issuer, IReadOnlyList<string> Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Sha256,
    IReadOnlyList<RemoteCertificate.Link> Chain, string? Missing, string? Problem, IReadOnlyList<string>? Warnings)
{
    private const int MostText = 200;
    private const int MostNames = 50;
    private const int MostLinks = 10;
    private const int MostBytesOfLink = 8 * 1024;

    public static RemoteCertificate Of(
        X509Certificate2 remote, IEnumerable<X509Certificate2> sent, string? missing = null, string? problem = null, IReadOnlyList<string>? warnings = null) => new(
            Text(remote.Subject), Text(remote.Issuer), NamesOf(remote), Start(remote), End(remote), Thumbprint(remote),
            [.. sent.Prepend(remote).DistinctBy(one => one.Thumbprint).Take(MostLinks).Select(one => new Link(Text(one.Subject), Text(one.Issuer), Start(one), End(one), Thumbprint(one), PemOf(one)))],
            missing, problem, warnings is { Count: > 0 } ? warnings : null);

    /// <param name="chain">As sent, DER.</param>
    /// <returns>Null when there is none, or none that can be read.</returns>
    public static RemoteCertificate? Of(IReadOnlyList<byte[]> chain)
    {
        var all = new X509Certificate2Collection();
        try
        {
            foreach (var one in chain.Take(MostLinks))
                all.Add(X509CertificateLoader.LoadCertificate(one));
            return all is [var remote, ..] ? Of(remote, all.Skip(1)) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            foreach (var one in all)
                one.Dispose();
        }
    }

    /// <summary>Bounded, and without anything that would break a line or a terminal.</summary>
    public static string Text(string remotes)
    {
        var clean = string.Concat(remotes.Take(MostText).Select(one => char.IsControl(one) || char.IsSurrogate(one) ? '?' : one));
        return remotes.Length > MostText ? clean + "…" : clean;
    }

    public static string Thumbprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    private static DateTimeOffset Start(X509Certificate2 certificate) => new(certificate.NotBefore.ToUniversalTime());

    private static DateTimeOffset End(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());

    private static string? PemOf(X509Certificate2 certificate) =>
        certificate.RawDataMemory.Length <= MostBytesOfLink ? certificate.ExportCertificatePem() : null;

    private static string[] NamesOf(X509Certificate2 certificate)
    {
        try
        {
            return [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())))
                .Take(MostNames).Select(Text)];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    /// <summary>One certificate as it was sent.</summary>
    /// <param name="Pem">What can become a mapping's trustedCa, once its SHA-256 has been compared with what the remote's owner says; null for one over 8 KB.</param>
    public sealed record Link(string Subject, string Issuer, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Sha256, string? Pem);
}
