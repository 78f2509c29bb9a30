using System.Buffers.Binary;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Forwarding.Tls;

/// <summary>
/// What both sides said in clear: all of a handshake in TLS 1.2, the hellos alone in TLS 1.3. It is the remote's word, so whatever is
/// cut off or nonsense counts as not said.
/// </summary>
internal sealed class HandshakeMessages(ClearRecords ours, ClearRecords theirs)
{
    // RFC 5246 section 7.4.
    private const byte ClientHello = 1;
    private const byte ServerHello = 2;
    private const byte Certificate = 11;
    private const byte CertificateRequest = 13;

    public bool HasServerHello => Of(theirs, ServerHello) is not null;

    public bool AskedForCertificate => Of(theirs, CertificateRequest) is not null;

    /// <summary>We were asked and showed none: there was none, or its key can make no signature that the remote takes.</summary>
    public bool ShowedNothing => Of(ours, Certificate) is { } sent && sent.AsSpan() is [0, 0, 0, ..];

    /// <summary>Names of the authorities whose certificates the remote says it takes; many servers say none.</summary>
    public IReadOnlyList<string> AcceptableIssuers => Of(theirs, CertificateRequest) is { } request ? ReadIssuers(request) : [];

    /// <summary>The remote's certificate and what it sent behind it, DER.</summary>
    public IReadOnlyList<byte[]> RemoteChain => Of(theirs, Certificate) is { } sent ? ReadChain(sent) : [];

    /// <summary>The cipher suites of our hello, by their names of the IANA.</summary>
    public IReadOnlyList<string> OfferedSuites => Of(ours, ClientHello) is { } hello ? ReadSuites(hello) : [];

    private static byte[]? Of(ClearRecords side, byte type) => side.Messages.Find(message => message.Type == type).Body;

    // Types, signature algorithms (each with a length), then names, each with a length in a list with a length.
    private static List<string> ReadIssuers(ReadOnlySpan<byte> request)
    {
        var names = new List<string>();
        if (!TrySkip(ref request, 1) || !TrySkip(ref request, 2) || !TryTake(ref request, 2, out var list))
            return names;
        while (TryTake(ref list, 2, out var name))
        {
            try
            {
                names.Add(new X500DistinguishedName(name).Name);
            }
            catch (CryptographicException)
            {
                // No name.
            }
        }

        return names;
    }

    private static List<byte[]> ReadChain(ReadOnlySpan<byte> sent)
    {
        var chain = new List<byte[]>();
        if (TryTake(ref sent, 3, out var list))
            while (TryTake(ref list, 3, out var certificate))
                chain.Add(certificate.ToArray());
        return chain;
    }

    private static List<string> ReadSuites(ReadOnlySpan<byte> hello)
    {
        const int versionAndRandom = 34;
        var suites = new List<string>();
        if (hello.Length < versionAndRandom)
            return suites;
        hello = hello[versionAndRandom..];
        if (!TrySkip(ref hello, 1) || !TryTake(ref hello, 2, out var list))
            return suites;
        // What has no name, such as the signal of RFC 5746, is no suite.
        for (; list.Length >= 2; list = list[2..])
            if (Enum.GetName((TlsCipherSuite)BinaryPrimitives.ReadUInt16BigEndian(list)) is { } name)
                suites.Add(name);
        return suites;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> from, int lengthBytes) => TryTake(ref from, lengthBytes, out _);

    private static bool TryTake(ref ReadOnlySpan<byte> from, int lengthBytes, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (from.Length < lengthBytes)
            return false;
        var length = 0;
        foreach (var digit in from[..lengthBytes])
            length = (length << 8) | digit;
        if (from.Length - lengthBytes < length)
            return false;
        taken = from.Slice(lengthBytes, length);
        from = from[(lengthBytes + length)..];
        return true;
    }
}
