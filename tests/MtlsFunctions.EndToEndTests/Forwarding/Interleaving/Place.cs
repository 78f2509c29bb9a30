using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Interleaving;

/// <summary>A service and a URL that every account may map, each in its own way.</summary>
/// <param name="Issuer">Of the certificate that the remote shows.</param>
internal sealed record Place(string Service, string ServiceId, string Url, TestPki Issuer);

/// <summary>Whom a mapping believes.</summary>
/// <param name="Pem">Null: it leaves that to the operator.</param>
internal sealed record Trust(string Name, string? Pem, params TestPki[] Roots)
{
    public static Trust Own(string name, params TestPki[] roots) => new(name, string.Concat(roots.Select(root => root.RootPem)), roots);

    public bool Believes(Place place) => Roots.Contains(place.Issuer);

    public override string ToString() => Name;
}
