using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Certificates;
using Azure.Security.KeyVault.Secrets;

namespace MtlsFunctions.CertificateVaults.KeyVault;

/// <summary>
/// The two clients of one vault: certificates, and the secrets behind them that hold the private keys. Their limits let an outage
/// show soon; the SDK's own ones wait for minutes, or for as long as the server asks.
/// </summary>
/// <param name="transport">Null for the SDK's own.</param>
public sealed class KeyVaultClients(KeyVaultOptions options, TokenCredential identity, HttpPipelineTransport? transport = null)
{
    /// <summary>Waits between tries, by their number: they double, with jitter, so that instances don't come back all at once.</summary>
    public DelayStrategy Waits { get; } = WaitsOf(options);

    // Versions of the API that every cloud has; nothing here needs a newer one.
    public CertificateClient Certificates { get; } =
        new(options.Uri, identity, Bound(new CertificateClientOptions(CertificateClientOptions.ServiceVersion.V7_4), options, transport));

    public SecretClient Secrets { get; } =
        new(options.Uri, identity, Bound(new SecretClientOptions(SecretClientOptions.ServiceVersion.V7_4), options, transport));

    private static DelayStrategy WaitsOf(KeyVaultOptions options) =>
        DelayStrategy.CreateExponentialDelayStrategy(options.RetryDelay, options.LongestWait);

    private static TSettings Bound<TSettings>(TSettings settings, KeyVaultOptions options, HttpPipelineTransport? transport)
        where TSettings : ClientOptions
    {
        settings.Retry.NetworkTimeout = options.CallTimeout;
        settings.RetryPolicy = new BoundedRetries(options);
        settings.Transport = transport ?? settings.Transport;
        return settings;
    }

    /// <summary>
    /// The SDK's retries, except that a long Retry-After ends them, because whoever waits for us has not that much time; and imports are
    /// not repeated blindly, because each adds a version (<see cref="KeyVaultImporter"/>).
    /// </summary>
    private sealed class BoundedRetries(KeyVaultOptions options)
        : RetryPolicy(options.MaxRetries, WaitsOf(options))
    {
        protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
            IsWorthWaiting(message) && base.ShouldRetry(message, exception);

        protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
            IsWorthWaiting(message) && await base.ShouldRetryAsync(message, exception);

        private bool IsWorthWaiting(HttpMessage message) =>
            !message.Request.Uri.Path.EndsWith("/import", StringComparison.Ordinal) && (!message.HasResponse || !(KeyVaultFailures.RetryAfter(message.Response) > options.LongestWait));
    }
}
