using MtlsFunctions.Authorization;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// One identity towards remote endpoints. Connections are never shared between two of them, so whatever makes a connection
/// different must be in here. Who it is, the certificate's thumbprint says: a vault's own version only names what to load, and may
/// name another certificate tomorrow. A new version of a certificate is a new identity: the old one drains.
/// </summary>
/// <param name="Settings">By reference: two gateways in one process (tests) share the static cache, but no connection.</param>
/// <param name="CertificateId">Null for plain TLS, which is kept apart per account too.</param>
/// <param name="Thumbprint">SHA-256 of the certificate, as its row says it and as it was loaded.</param>
/// <param name="Version">The table's own count, never given twice: the same certificate may be stored again, with other intermediates.</param>
/// <param name="TrustedCa">Digest of the mapping's own roots; null where the operator's trust holds.</param>
public sealed record HandlerKey(
    ForwardingOptions Settings, AccountId Account, long? CertificateId, string? Thumbprint, int Version, string? TrustedCa)
{
    public bool IsOtherVersionOf(HandlerKey other) => this with { Thumbprint = other.Thumbprint, Version = other.Version } == other;
}
