using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Forwarding.Tls;

/// <summary>
/// What a remote has shown on a connection, from its handshake until its first answer, for who has to say why there was none. SslStream
/// keeps the certificate alone, and not what was sent with it.
/// </summary>
internal static class ShownCertificates
{
    private static readonly ConditionalWeakTable<object, IReadOnlyList<byte[]>> Shown = [];

    public static void Note(object connection, X509Certificate2 remote, X509Certificate2Collection sent) =>
        Shown.AddOrUpdate(connection, [.. sent.Prepend(remote).Select(one => one.RawData).DistinctBy(Convert.ToHexString)]);

    /// <returns>DER, the remote's own first; empty where nothing is known. It is known only once.</returns>
    public static IReadOnlyList<byte[]> Take(object connection)
    {
        if (!Shown.TryGetValue(connection, out var chain))
            return [];
        Shown.Remove(connection);
        return chain;
    }
}
