using MtlsFunctions.Forwarding.Tls;

namespace MtlsFunctions.Forwarding;

/// <summary>Why a remote endpoint gave no answer: a stable code, the same in words with the next step, and what it had shown before.</summary>
/// <param name="Code">One of <see cref="TransportError"/>.</param>
/// <param name="Words">One sentence without a capital letter and a full stop.</param>
internal sealed record TransportFailure(string Code, string Words)
{
    // A header's line; the problem has all of it.
    private const int MostOfLine = 1_000;
    private const int MostIssuers = 20;

    public RemoteCertificate? Remote { get; init; }

    /// <summary>Whether the remote asked for a client certificate; null where that isn't known.</summary>
    public bool? CertificateAsked { get; init; }

    /// <summary>Names of authorities that the remote says it takes; null where that isn't known.</summary>
    public IReadOnlyList<string>? AcceptableIssuers { get; init; }

    /// <summary>Where the code is all that is known.</summary>
    public static TransportFailure Of(string code) => new(code, TransportWords.Of(code));

    /// <param name="timedOut">The client gave up waiting; the exception tells for what.</param>
    /// <param name="withCertificate">Whether there was a client certificate to show.</param>
    public static TransportFailure Of(bool timedOut, Exception? fault, bool withCertificate)
    {
        var causes = TransportError.Causes(fault).ToArray();
        var code = TransportError.CodeOf(timedOut, fault, withCertificate);
        if (causes.OfType<RemoteCertificateException>().FirstOrDefault() is { } remote)
            return new(code, remote.Remote?.Problem ?? "it showed no certificate") { Remote = remote.Remote };
        if (causes.OfType<TlsEndedException>().FirstOrDefault()?.End is { } end)
            return new(code, TransportWords.Of(code, end, withCertificate))
            {
                Remote = RemoteCertificate.Of(end.RemoteChain),
                CertificateAsked = end.InHandshake && end.ChoseNothing ? null : end.AskedForCertificate,
                AcceptableIssuers = end.AcceptableIssuers.Count > 0 ? [.. end.AcceptableIssuers.Take(MostIssuers).Select(RemoteCertificate.Text)] : null,
            };
        var reason = causes.Select(OpenSslReason.Of).FirstOrDefault(reason => reason is not null);
        return reason?.Code == code ? new(code, reason.Words) : Of(code);
    }

    /// <summary>For <c>LP-message-from-transport</c>: the URL, the code and the words, in one line of ASCII.</summary>
    public string Line(string url) => $"{url} {Code}: {Ascii(Words)}";

    /// <summary>What fits into a header.</summary>
    public static string Ascii(string words) =>
        string.Concat(words.Take(MostOfLine).Select(one => char.IsAscii(one) && !char.IsControl(one) ? one : '?'));

    public Failure ToFailure()
    {
        var members = new Dictionary<string, object> { ["transportError"] = Code };
        if (CertificateAsked is { } asked)
            members["certificateAsked"] = asked;
        if (AcceptableIssuers is { } issuers)
            members["acceptableIssuers"] = issuers;
        if (Remote is { } remote)
            members["remoteCertificate"] = remote;
        return new(FailureKind.RemoteUnreachable, $"The remote endpoint gave no answer: {Code}. {char.ToUpperInvariant(Words[0])}{Words[1..]}.") { Members = members };
    }
}
