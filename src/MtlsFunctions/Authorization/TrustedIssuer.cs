using Microsoft.IdentityModel.Tokens;

namespace MtlsFunctions.Authorization;

/// <summary>An issuer whose tokens are believed, and where its keys come from.</summary>
/// <param name="IsOurs">Its tokens are of our own logins, which can be refreshed.</param>
public sealed record TrustedIssuer(IssuerOptions Options, ISigningKeySource Keys, bool IsOurs);

/// <summary>The public keys of an issuer: fetched over HTTP for external ones, from the vault for our own.</summary>
public interface ISigningKeySource
{
    /// <summary>The keys, or null when they have never been fetched and can't be.</summary>
    ValueTask<IReadOnlyCollection<SecurityKey>?> GetAsync(CancellationToken cancellation);

    /// <summary>Fetches again because <paramref name="known"/> lacked a key, unless that was tried a moment ago.</summary>
    ValueTask<IReadOnlyCollection<SecurityKey>?> GetNewerThanAsync(IReadOnlyCollection<SecurityKey> known, CancellationToken cancellation);

    /// <summary>For the health check: whether they could be fetched now; also throws when not.</summary>
    Task<bool> IsReachableAsync(CancellationToken cancellation);
}
