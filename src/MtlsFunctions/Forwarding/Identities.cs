using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates;
using MtlsFunctions.Mappings;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// From what is mapped to the warm handler that presents it. A version that can't be loaded doesn't take the one before it out of
/// use: that one stands in while it is warm and valid.
/// </summary>
public sealed partial class Identities(
    HandlerCache handlers, HandlerFactory factory, CertificateKeys keys, LoadedCertificates certificates, IOptions<ForwardingOptions> options,
    HandlerMetrics metrics, TimeProvider clock, ILogger<Identities> log)
{
    // How long a request waits for the new version while there is an old one, and how long until the new one is tried again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <returns>A handler that the caller leaves when done, and whether it was warm.</returns>
    public ValueTask<Outcome<(WarmHandler Handler, bool Warm)>> RentAsync(AccountId account, Resolution resolution, CancellationToken cancellation)
    {
        var row = resolution.Certificate;
        var key = new HandlerKey(options.Value, account, row?.Id, row?.Thumbprint, row?.Version ?? 0, resolution.TrustedCa?.Digest);
        if (handlers.TryRent(key) is { } warm)
            return ValueTask.FromResult<Outcome<(WarmHandler, bool)>>((warm, true));
        return row is not null && handlers.TryRentOtherVersion(key) is { } standIn
            ? RentOrStandInAsync(key, account, resolution, row, standIn, cancellation)
            : handlers.RentAsync(key, () => MakeAsync(key, account, resolution), cancellation);
    }

    private async ValueTask<Outcome<(WarmHandler Handler, bool Warm)>> RentOrStandInAsync(
        HandlerKey key, AccountId account, Resolution resolution, CertificateRow row, WarmHandler standIn, CancellationToken cancellation)
    {
        if (standIn.StandsInUntil > clock.GetUtcNow())
        {
            metrics.StoodIn();
            return (standIn, true);
        }

        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            var rented = await handlers.RentAsync(key, () => MakeAsync(key, account, resolution), either.Token);
            if (rented.TryGet(out _, out _))
            {
                standIn.Leave();
                return rented;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It goes on loading for those who come later.
        }
        catch
        {
            standIn.Leave();
            throw;
        }

        metrics.StoodIn();
        LogStandIn(account.Value, row.Id, row.Version);
        standIn.StandsInUntil = clock.GetUtcNow() + Pause;
        return (standIn, true);
    }

    // The key is loaded for everybody who waits, so no single caller's leaving may cancel it; vaults have their own time-outs.
    private async Task<Outcome<WarmHandler>> MakeAsync(HandlerKey key, AccountId account, Resolution resolution)
    {
        if (resolution.Certificate is not { } row)
            return factory.Create(null, reach: new Reach(account, IsMapped: false));
        // Once for all trusts of the certificate.
        var loaded = await certificates.RentAsync(key, () => keys.LoadAsync(account, row, CancellationToken.None));
        if (!loaded.TryGet(out var certificate, out var failure))
            return failure;
        try
        {
            return factory.Create(certificate, resolution.TrustedCa, new Reach(account, IsMapped: true));
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Version {Version} of certificate {CertificateId} of account {Account} can't be loaded: the one before it stands in, and forwards go on")]
    private partial void LogStandIn(string account, long certificateId, int version);
}
