using MtlsFunctions.Certificates;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Mappings;

/// <summary>What the table says of a triplet: no enabled mapping, or a mapping with its certificate's row (null when that is gone).</summary>
public sealed record Resolution(MappingRow? Mapping, CertificateRow? Certificate)
{
    public static readonly Resolution NotMapped = new(null, null);

    /// <summary>The only roots that this mapping's remote may lead to; null where the operator's trust holds.</summary>
    public TrustedCa? TrustedCa { get; } = Mapping?.TrustedCa is { } pem ? TrustedCa.OfStored(pem) : null;

    /// <returns>Why the mapped certificate can't be used now; null when it can.</returns>
    public Failure? Unusable(DateTimeOffset now) => Certificate is null
        ? Refuse("it is gone from the table; map another one")
        : CertificateStatus.WhyUnusable(Certificate, now) is { } why ? Refuse(why) : null;

    /// <summary>For the checks: mapped, and the certificate could be presented.</summary>
    /// <remarks>A forward tries even one that the vault had lost: it may be back.</remarks>
    public bool Exists(DateTimeOffset now) => Mapping is not null && Unusable(now) is null && Certificate is { Lost: false };

    private Failure Refuse(string why) => new(
        FailureKind.CertificateUnusable,
        $"Mapping '{Mapping!.Name}' ({Mapping.Id}) names certificate {Mapping.CertificateId}, which can't be used: {why}. Nothing was sent.");
}
