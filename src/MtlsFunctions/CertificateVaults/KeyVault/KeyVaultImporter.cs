using Azure;
using Azure.Security.KeyVault.Certificates;

namespace MtlsFunctions.CertificateVaults.KeyVault;

/// <summary>
/// Imports, and gets along with names that are reserved: a deleted entry is recovered and gets the new version on top, because with
/// purge protection nothing else makes its name usable again.
/// </summary>
internal sealed class KeyVaultImporter(KeyVaultClients clients, TimeProvider clock)
{
    private const int MaxTries = 6;

    /// <returns>The name of the new version.</returns>
    /// <exception cref="RequestFailedException">As the SDK has it; a conflict only after several tries.</exception>
    public async Task<string> ImportAsync(ImportCertificateOptions import, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
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
        }
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
