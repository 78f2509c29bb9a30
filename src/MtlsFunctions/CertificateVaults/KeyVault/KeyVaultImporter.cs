using Azure;
using Azure.Security.KeyVault.Certificates;

namespace MtlsFunctions.CertificateVaults.KeyVault;

/// <summary>
/// Imports, and gets along with names that are reserved: a deleted entry is recovered and gets the new version on top, because with
/// purge protection nothing else makes its name usable again. An import whose answer is lost is looked for before it is repeated.
/// </summary>
internal sealed class KeyVaultImporter(KeyVaultClients clients, KeyVaultOptions options, TimeProvider clock)
{
    private const string WriteTag = "write";
    private const int MaxTries = 6;

    /// <returns>The name of the new version.</returns>
    /// <exception cref="RequestFailedException">As the SDK has it; a conflict only after several tries.</exception>
    public async Task<string> ImportAsync(ImportCertificateOptions import, CancellationToken cancellation)
    {
        import.Tags[WriteTag] = Guid.NewGuid().ToString("N");
        for (var (tries, repeats) = (1, 0); ; tries++)
        {
            try
            {
                return (await clients.Certificates.ImportCertificateAsync(import, cancellation)).Value.Properties.Version;
            }
            catch (RequestFailedException conflict) when (conflict.Status == StatusCodes.Status409Conflict && tries < MaxTries)
            {
                if (KeyVaultFailures.IsSoftDeleted(conflict))
                    await RecoverAsync(import.Name, cancellation);
                await Task.Delay(clients.Waits.GetNextDelay(response: null, tries), clock, cancellation);
            }
            catch (Exception fault) when (IsWorthRepeating(fault) && repeats < options.MaxRetries && !cancellation.IsCancellationRequested)
            {
                await Task.Delay(clients.Waits.GetNextDelay((fault as RequestFailedException)?.GetRawResponse(), ++repeats), clock, cancellation);
                if (await FindAsync(import, cancellation) is { } stored)
                    return stored;
            }
        }
    }

    // A cancellation that isn't the caller's is the SDK's own, of a request that took too long.
    private bool IsWorthRepeating(Exception fault) => fault switch
    {
        RequestFailedException { Status: 0 or StatusCodes.Status408RequestTimeout } or OperationCanceledException or IOException => true,
        RequestFailedException { Status: StatusCodes.Status429TooManyRequests or >= 500 } failed =>
            !(failed.GetRawResponse() is { } response && KeyVaultFailures.RetryAfter(response) > options.LongestWait),
        _ => false,
    };

    /// <summary>The version that an earlier try has made; null when there is none.</summary>
    private async Task<string?> FindAsync(ImportCertificateOptions import, CancellationToken cancellation)
    {
        await foreach (var version in clients.Certificates.GetPropertiesOfCertificateVersionsAsync(import.Name, cancellation))
        {
            if (version.Tags.TryGetValue(WriteTag, out var write) && write == import.Tags[WriteTag])
                return version.Version;
        }

        return null;
    }

    private async Task RecoverAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await clients.Certificates.StartRecoverDeletedCertificateAsync(name, cancellation);
        }
        catch (RequestFailedException other) when (other.Status is StatusCodes.Status404NotFound or StatusCodes.Status409Conflict)
        {
            // Another instance is doing it.
        }
    }
}
