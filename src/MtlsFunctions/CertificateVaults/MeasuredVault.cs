using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.CertificateVaults;

/// <summary>Whichever vault it is, with the time and the outcome of every call measured.</summary>
public sealed class MeasuredVault(ICertificateVault vault, VaultMetrics metrics) : ICertificateVault
{
    public ICertificateVault Measured => vault;

    public Failure? Refuse(X509Certificate2 certificate) => vault.Refuse(certificate);

    public Task<Outcome<string>> StoreAsync(VaultEntry entry, ReadOnlyMemory<byte> pkcs12, CancellationToken cancellation) =>
        MeasureAsync("store", () => vault.StoreAsync(entry, pkcs12, cancellation));

    public Task<Outcome<byte[]>> LoadAsync(VaultEntry entry, string version, CancellationToken cancellation) =>
        MeasureAsync("load", () => vault.LoadAsync(entry, version, cancellation));

    public Task<Outcome<string[]>> ListVersionsAsync(VaultEntry entry, CancellationToken cancellation) =>
        MeasureAsync("list", () => vault.ListVersionsAsync(entry, cancellation));

    public Task<Outcome<bool>> DeleteAsync(VaultEntry entry, CancellationToken cancellation) =>
        MeasureAsync("delete", () => vault.DeleteAsync(entry, cancellation));

    public Task<bool> IsReachableAsync(CancellationToken cancellation) => vault.IsReachableAsync(cancellation);

    private async Task<Outcome<T>> MeasureAsync<T>(string operation, Func<Task<Outcome<T>>> call)
    {
        var began = metrics.Begin();
        var outcome = await call();
        outcome.TryGet(out _, out var failure);
        metrics.End(operation, began, failure);
        return outcome;
    }
}
