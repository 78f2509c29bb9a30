using MtlsFunctions.CertificateVaults;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>A vault that fails in the way that it is told to.</summary>
public sealed class BrokenVault : ICertificateVault
{
    /// <summary>Null: in a way that nobody expected.</summary>
    public FailureKind? Failure { get; set; } = FailureKind.VaultUnavailable;

    public Task<Outcome<string>> StoreAsync(VaultEntry entry, ReadOnlyMemory<byte> pkcs12, CancellationToken cancellation) => FailAsync<string>();

    public Task<Outcome<byte[]>> LoadAsync(VaultEntry entry, string version, CancellationToken cancellation) => FailAsync<byte[]>();

    public Task<Outcome<string[]>> ListVersionsAsync(VaultEntry entry, CancellationToken cancellation) => FailAsync<string[]>();

    public Task<Outcome<bool>> DeleteAsync(VaultEntry entry, CancellationToken cancellation) => FailAsync<bool>();

    public Task<bool> IsReachableAsync(CancellationToken cancellation) => Task.FromResult(false);

    private Task<Outcome<T>> FailAsync<T>() => Failure is { } kind
        ? Task.FromResult<Outcome<T>>(new Failure(kind, "As the test wants it."))
        : throw new InvalidOperationException("As the test wants it.");
}
