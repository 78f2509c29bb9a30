using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace MtlsFunctions.Authorization;

/// <summary>
/// The signing keys of one issuer, fetched when first needed and cached. A failed fetch keeps the keys that are there.
/// </summary>
/// <remarks>
/// Not the library's <c>ConfigurationManager</c>: it refetches in the background, so the first token under a new key would
/// be refused, and its rate bound can't be tested with a clock. Fetching and parsing are the library's.
/// </remarks>
public sealed partial class IssuerKeys(IssuerOptions options, HttpClient http, TimeProvider clock, ILogger log) : ISigningKeySource, IDisposable
{
    public const string HttpClientName = nameof(IssuerKeys);

    private readonly HttpDocumentRetriever documents = new(http) { RequireHttps = !options.DangerousAllowHttpMetadata };
    private readonly SemaphoreSlim fetching = new(1);
    private volatile Fetched? current;
    private DateTimeOffset lastTry = DateTimeOffset.MinValue;

    /// <summary>The keys, or null when they have never been fetched and can't be.</summary>
    public async ValueTask<IReadOnlyCollection<SecurityKey>?> GetAsync(CancellationToken cancellation)
    {
        var known = current;
        if (known is null || clock.GetUtcNow() - known.At > options.KeyLifetime)
            known = await FetchAsync(known).WaitAsync(cancellation);
        return known?.Keys;
    }

    /// <summary>Fetches again because <paramref name="known"/> lacked a key, unless that was tried a moment ago.</summary>
    public async ValueTask<IReadOnlyCollection<SecurityKey>?> GetNewerThanAsync(
        IReadOnlyCollection<SecurityKey> known, CancellationToken cancellation)
    {
        var now = current;
        if (now is not null && ReferenceEquals(now.Keys, known))
            now = await FetchAsync(now).WaitAsync(cancellation);
        return now?.Keys;
    }

    /// <summary>For the health check: asks for the metadata and keeps nothing.</summary>
    /// <exception cref="IOException">They can't be fetched.</exception>
    public async Task<bool> IsReachableAsync(CancellationToken cancellation) =>
        (await OpenIdConnectConfigurationRetriever.GetAsync(options.Metadata, documents, cancellation).WaitAsync(cancellation)).Issuer == options.Issuer;

    // For everybody who waits, so one caller's leaving doesn't end it; the client's time-out bounds it.
    private async Task<Fetched?> FetchAsync(Fetched? seen)
    {
        await fetching.WaitAsync();
        try
        {
            // Somebody else fetched while this caller waited, or a fetch was tried a moment ago: a flood of bad tokens stays cheap.
            if (!ReferenceEquals(current, seen) || clock.GetUtcNow() - lastTry < options.KeyRefetchInterval)
                return current;
            lastTry = clock.GetUtcNow();
            var metadata = await OpenIdConnectConfigurationRetriever.GetAsync(options.Metadata, documents, CancellationToken.None);
            if (metadata.Issuer != options.Issuer)
                LogForeignMetadata(options.Metadata, metadata.Issuer, options.Issuer);
            else if (metadata.SigningKeys.Count == 0)
                LogNoKeys(options.Metadata);
            else
                current = new Fetched([.. metadata.SigningKeys], clock.GetUtcNow());
        }
        catch (Exception fault)
        {
            // Whatever it is, the keys that are known stay; without any, tokens get 503.
            LogFetchFailed(fault, options.Issuer);
        }
        finally
        {
            fetching.Release();
        }

        return current;
    }

    public void Dispose() => fetching.Dispose();

    private sealed record Fetched(IReadOnlyCollection<SecurityKey> Keys, DateTimeOffset At);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of issuer {Issuer} could not be fetched; those known stay in use")]
    private partial void LogFetchFailed(Exception fault, string issuer);

    [LoggerMessage(Level = LogLevel.Error, Message = "The metadata at {Address} is of issuer {Found}, not of {Issuer}: its keys are not used")]
    private partial void LogForeignMetadata(string address, string found, string issuer);

    [LoggerMessage(Level = LogLevel.Error, Message = "The metadata at {Address} leads to no signing key: those known stay in use")]
    private partial void LogNoKeys(string address);
}
