using System.Globalization;
using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates;

namespace MtlsFunctions.Mappings;

/// <summary>Which certificates expire soon or have expired, which mappings break with each, and whether it is still used. The most urgent first.</summary>
public sealed class ListExpiringCertificates(
    Gate gate, AccountCertificates certificates, CertificateUses uses, AccountMappings mappings, TimeProvider clock)
{
    private const int DefaultDays = 30;
    private const int MaxDays = 3650;

    [Function(nameof(ListExpiringCertificates))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "mtls/account/{accountId}/certificates/expiring")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            var said = request.Query["days"] is { Count: > 0 } days ? days.ToString() : $"{DefaultDays}";
            if (!int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var within) || within > MaxDays)
                return Answers.Problem(new Failure(FailureKind.RequestInvalid, $"The query parameter days is a number from 0 to {MaxDays}."));
            return Answers.Ok(await ListAsync(caller.Account, within, cancellation));
        });

    private async Task<IEnumerable<Expiring>> ListAsync(AccountId account, int days, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var rows = await certificates.ListAsync(account, cancellation);
        var broken = (await mappings.ListAsync(account, cancellation)).Rows.Where(row => row.Enabled).ToLookup(row => row.CertificateId);
        var lastUsed = await uses.ListAsync(account, cancellation);
        return
            from row in rows
            let left = row.NotAfter - now
            where left <= TimeSpan.FromDays(days)
            orderby left
            select new Expiring(
                CertificateAnswer.Of(row, now), (int)Math.Floor(left.TotalDays),
                lastUsed.TryGetValue(row.Id, out var used) ? CertificateAnswer.Iso(used) : null,
                [.. broken[row.Id].Select(MappingAnswer.OfSummary)]);
    }

    /// <param name="DaysLeft">Whole days; negative once it has expired.</param>
    /// <param name="LastUsed">To the hour; null when it was never used.</param>
    private sealed record Expiring(CertificateAnswer Certificate, int DaysLeft, string? LastUsed, IReadOnlyList<MappingAnswer> Mappings);
}
