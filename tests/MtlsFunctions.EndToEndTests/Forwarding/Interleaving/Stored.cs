using System.Collections.Immutable;
using System.Net;

namespace MtlsFunctions.EndToEndTests.Forwarding.Interleaving;

/// <summary>What an account has stored at one moment, and so what has to come of a forward.</summary>
internal sealed record Stored(ImmutableList<Held> Certificates, ImmutableDictionary<Place, Mapped> Mappings)
{
    public static readonly Stored Nothing = new([], ImmutableDictionary<Place, Mapped>.Empty);

    /// <param name="stops">Whether the caller wants nothing to go without a certificate.</param>
    /// <param name="operators">What the operator trusts.</param>
    public Expected Of(string account, Place place, bool stops, Trust operators)
    {
        if (!Mappings.TryGetValue(place, out var mapping) || !mapping.Enabled)
            return stops ? new(HttpStatusCode.BadRequest, "no-mapping") : Expected.Through(place, null, new Identity(account, null, 0, operators));
        var certificate = Certificates.Single(held => held.Id == mapping.Certificate);
        return certificate.Disabled
            ? new(HttpStatusCode.ServiceUnavailable, "certificate-unusable")
            : Expected.Through(place, certificate.Thumbprint, new Identity(account, mapping.Certificate, certificate.Current, mapping.Trust));
    }

    /// <summary>What may come instead while a version can't be loaded in time: another version of the same certificate stands in.</summary>
    public IEnumerable<Expected> StandIns(string account, Place place)
    {
        if (!Mappings.TryGetValue(place, out var mapping) || Certificates.Single(held => held.Id == mapping.Certificate) is not { Disabled: false } certificate)
            return [];
        return certificate.Versions.Select((thumbprint, at) => Expected.Through(place, thumbprint, new Identity(account, certificate.Id, at + 1, mapping.Trust)));
    }

    public bool IsUsed(Held certificate) => Mappings.Values.Any(mapping => mapping.Certificate == certificate.Id);

    public Stored With(Held next) => this with { Certificates = Certificates.SetItem(Certificates.FindIndex(held => held.Id == next.Id), next) };

    public Stored With(Place place, Mapped mapping) => this with { Mappings = Mappings.SetItem(place, mapping) };
}

/// <summary>A certificate.</summary>
/// <param name="Versions">Their thumbprints, the first one's first.</param>
/// <param name="Current">From 1.</param>
internal sealed record Held(long Id, ImmutableList<string> Versions, int Current, bool Disabled)
{
    public string Thumbprint => Versions[Current - 1];
}

/// <summary>A mapping.</summary>
internal sealed record Mapped(long Id, long Certificate, bool Enabled, Trust Trust);

/// <summary>What a connection belongs to.</summary>
/// <param name="Certificate">Null for plain TLS.</param>
internal sealed record Identity(string Account, long? Certificate, int Version, Trust Trust);

/// <param name="Error">Type of the problem, or code of the transport.</param>
/// <param name="Identity">Where the remote is reached.</param>
internal sealed record Expected(HttpStatusCode Status, string? Error, string? Thumbprint = null, Identity? Identity = null)
{
    public static Expected Through(Place place, string? thumbprint, Identity identity) => identity.Trust.Believes(place)
        ? new(HttpStatusCode.OK, null, thumbprint, identity)
        : new(HttpStatusCode.FailedDependency, "tls-untrusted");

    public bool Is(Sent sent) => (sent.Status, sent.Error, sent.Thumbprint) == (Status, Error, Thumbprint);
}
