using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Certificates;

/// <summary>
/// The versions of a certificate that can be gone back to, and the one in use, newest first. Vaults drop old ones, or somebody does
/// there; while the vault can't be asked, all that are remembered are shown.
/// </summary>
public sealed class ListCertificateVersions(
    Gate gate, AccountCertificates certificates, CertificateVersions versions, CertificateKeys keys, TimeProvider clock)
{
    /// <summary>For the vault's part of the answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    [Function(nameof(ListCertificateVersions))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "mtls/account/{accountId}/certificates/{certificateId:long}/versions")] HttpRequest request,
        string accountId,
        long certificateId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            if (!(await certificates.FindAsync(caller.Account, certificateId, cancellation)).TryGet(out var row, out var failure))
                return Answers.Problem(failure);
            var rows = await versions.ListAsync(caller.Account, certificateId, cancellation);
            var held = await HeldAsync(caller.Account, row, cancellation);
            return Answers.Ok(rows.Where(version => version.Version == row.Version || held?.Contains(version.VaultVersion!) != false).Select(version => new Shown(
                version.Version, version.Thumbprint, CertificateAnswer.Iso(version.NotAfter), CertificateAnswer.Iso(version.Created), version.Version == row.Version)));
        });

    private async Task<HashSet<string>?> HeldAsync(AccountId account, CertificateRow row, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            return await keys.HeldAsync(account, row, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private sealed record Shown(int Version, string Thumbprint, string ExpirationDate, string Created, bool Current);
}
