using MtlsFunctions.Authorization;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// One identity towards remote endpoints. Connections are never shared between two of them, so whatever makes a connection
/// different must be in here. A new version of a certificate is a new identity: the old one drains.
/// </summary>
/// <param name="Settings">By reference: two gateways in one process (tests) share the static cache, but no connection.</param>
/// <param name="CertificateId">Null for plain TLS, which is kept apart per account too.</param>
/// <param name="VaultVersion">The vault's version of the certificate.</param>
/// <param name="TrustedCa">Digest of the mapping's own roots; null where the operator's trust holds.</param>
public sealed record HandlerKey(ForwardingOptions Settings, AccountId Account, long? CertificateId, string? VaultVersion, string? TrustedCa);
