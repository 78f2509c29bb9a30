using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Certificates;

/// <summary>Remembers when each certificate was last presented, so that nobody deletes what still serves.</summary>
public sealed partial class CertificateUses(AccountTable table, TimeProvider clock, ILogger<CertificateUses> log)
{
    /// <summary>How exact that is: one write for each certificate in use and each instance in this time.</summary>
    public static readonly TimeSpan Precision = TimeSpan.FromHours(1);

    /// <summary>Beside the request that uses it: nobody waits for this, and it never fails.</summary>
    public async Task NoteAsync(AccountId account, long certificateId)
    {
        try
        {
            await table.OverwriteAsync(new CertificateUseRow
            {
                PartitionKey = account.Value,
                RowKey = CertificateUseRow.KeyOf(certificateId),
                CertificateId = certificateId,
                LastUsed = clock.GetUtcNow(),
            }, CancellationToken.None);
        }
        catch (Exception fault)
        {
            LogNotNoted(fault, certificateId, account.Value);
        }
    }

    /// <returns>By certificate id; those never used are missing.</returns>
    public async Task<Dictionary<long, DateTimeOffset>> ListAsync(AccountId account, CancellationToken cancellation) =>
        (await table.ListAsync<CertificateUseRow>(account, RowKinds.CertificateUse, cancellation)).ToDictionary(row => row.CertificateId, row => row.LastUsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The use of certificate {CertificateId} of account {Account} could not be noted")]
    private partial void LogNotNoted(Exception fault, long certificateId, string account);
}
