using System.Globalization;
using System.Net;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Interleaving;

/// <summary>Judges forwards by what their accounts had stored while they were under way, and connections by the forwards on them.</summary>
internal sealed class Verdict(Remotes remotes, IReadOnlyCollection<Sent> forwards)
{
    private readonly ILookup<int, (string Connection, ReceivedRequest Request)> received =
        remotes.Received.ToLookup(one => int.Parse(one.Request.Headers[Sent.NumberHeader].Single(), CultureInfo.InvariantCulture));

    /// <summary>Connections on which something arrived.</summary>
    public int Connections => received.SelectMany(requests => requests).Select(one => one.Connection).Distinct().Count();

    /// <summary>Forwards while which what they depend on changed, so that either answer was right.</summary>
    public int InFlight => forwards.Count(sent => ExpectedOf(sent).Distinct().Count() > 1);

    /// <summary>Identities that have reached a remote, as far as a forward tells its own.</summary>
    public HashSet<Identity> Identities => [.. forwards.Select(IdentitiesOf).Where(one => one.Count == 1).Select(one => one.Single())];

    /// <summary>Forwards that only another version of their certificate explains.</summary>
    public int StoodIn => forwards.Count(sent => !IsExplained(sent) && StandInsOf(sent).Any());

    /// <summary>Everything that is wrong.</summary>
    public IEnumerable<string> Faults() => [.. Unexplained(), .. Misdelivered(), .. Shared()];

    /// <summary>Answers that nothing stored at that time explains.</summary>
    private IEnumerable<string> Unexplained() => forwards
        .Where(sent => !IsExplained(sent) && !StandInsOf(sent).Any())
        .Select(sent => $"{sent}, not {string.Join(" or ", ExpectedOf(sent).Distinct())}");

    /// <summary>Forwards that reached a remote and weren't to, or twice, or with another certificate than it answered.</summary>
    private IEnumerable<string> Misdelivered() => forwards
        .Where(sent => !received[sent.Number].Select(one => one.Request.ClientThumbprint).SequenceEqual(sent.Status == HttpStatusCode.OK ? [sent.Thumbprint] : []))
        .Select(sent => $"{sent}, received {string.Join(", ", received[sent.Number])}");

    /// <summary>Connections whose forwards have no identity in common.</summary>
    private IEnumerable<string> Shared()
    {
        var of = forwards.ToDictionary(sent => sent.Number, IdentitiesOf);
        foreach (var connection in received.SelectMany(requests => requests.Select(one => (one.Connection, Number: requests.Key))).GroupBy(one => one.Connection))
        {
            var identities = connection.Select(one => of[one.Number]).ToArray();
            if (!identities[0].Any(identity => Array.TrueForAll(identities, one => one.Contains(identity))))
                yield return $"{connection.Key} served {string.Join(" and ", identities.SelectMany(one => one).Distinct())}";
        }
    }

    private IEnumerable<Expected> ExpectedOf(Sent sent) => sent.Account.Between(sent.At, sent.Until)
        .Select(stored => stored.Of(sent.Account.Name, sent.Place, sent.Stops, remotes.Trusts[0]));

    private bool IsExplained(Sent sent) => ExpectedOf(sent).Any(expected => expected.Is(sent));

    private static IEnumerable<Expected> StandInsOf(Sent sent) => sent.Account.Between(sent.At, sent.Until)
        .SelectMany(stored => stored.StandIns(sent.Account.Name, sent.Place)).Where(expected => expected.Is(sent));

    private HashSet<Identity> IdentitiesOf(Sent sent) =>
        [.. (IsExplained(sent) ? ExpectedOf(sent).Where(expected => expected.Is(sent)) : StandInsOf(sent)).Select(expected => expected.Identity).OfType<Identity>()];
}
