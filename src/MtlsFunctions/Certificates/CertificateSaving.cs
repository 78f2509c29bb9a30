using MtlsFunctions.Authorization;
using MtlsFunctions.CertificateVaults;

namespace MtlsFunctions.Certificates;

/// <summary>Create and update, however the p12 came: everything submitted is judged first, then stored.</summary>
public sealed class CertificateSaving(AccountCertificates certificates, ICertificateVault vault, KeyDerivations derivations, TimeProvider clock)
{
    /// <summary>Certificates in one request, at most.</summary>
    public const int MaxItems = 10;

    /// <returns>What was saved; or the first bad item's failure with its index, nothing of the request stored.</returns>
    public async Task<Outcome<SaveResult>> CreateAsync(AccountId account, SubmittedCertificate?[] submitted, CancellationToken cancellation)
    {
        var opened = new List<NewCertificate>();
        try
        {
            if (await OpenAsync(account, submitted, opened, cancellation) is { } refused)
                return refused;
            if (!(await certificates.CreateAsync(account, opened, cancellation)).TryGet(out var saved, out var failure))
                return failure;
            return SaveResult.Of(saved, clock.GetUtcNow());
        }
        finally
        {
            opened.ForEach(one => one.Dispose());
        }
    }

    /// <returns>As <see cref="CreateAsync"/>; <see cref="FailureKind.NotFound"/> for an id that isn't this account's.</returns>
    public async Task<Outcome<SaveResult>> UpdateAsync(
        AccountId account, SubmittedCertificate?[] submitted, AuditedAction action, CancellationToken cancellation)
    {
        foreach (var item in submitted)
        {
            if (item is not null && item.ParseId().TryGet(out var named, out _))
                action.Touches("certificate", named);
        }

        var opened = new List<NewCertificate>();
        try
        {
            if (await OpenAsync(account, submitted, opened, cancellation) is { } refused)
                return refused;
            var updates = new (long Id, NewCertificate Certificate)[opened.Count];
            for (var at = 0; at < updates.Length; at++)
            {
                if (!submitted[at]!.ParseId().TryGet(out var id, out var failure))
                    return failure.At(at);
                if (updates[..at].Any(update => update.Id == id))
                    return new Failure(FailureKind.RequestInvalid, $"Certificate {id} is named twice.").At(at);
                updates[at] = (id, opened[at]);
            }

            return (await certificates.UpdateAsync(account, updates, cancellation)).TryGet(out var saved, out var unsaved)
                ? SaveResult.Of(saved, clock.GetUtcNow())
                : unsaved;
        }
        finally
        {
            opened.ForEach(one => one.Dispose());
        }
    }

    private async Task<Failure?> OpenAsync(
        AccountId account, SubmittedCertificate?[] submitted, List<NewCertificate> opened, CancellationToken cancellation)
    {
        if (submitted.Length is 0 or > MaxItems)
            return new Failure(submitted.Length == 0 ? FailureKind.RequestInvalid : FailureKind.TooManyItems,
                $"One request holds 1 to {MaxItems} certificates; this one has {submitted.Length}.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < submitted.Length; at++)
        {
            if (submitted[at] is not { } item)
                return new Failure(FailureKind.RequestInvalid, "A certificate is an object, not null.").At(at);
            var judged = await derivations.RunAsync(account.Value, () => item.Open(clock.GetUtcNow()), cancellation);
            if (!judged.TryGet(out var certificate, out var failure))
                return failure.At(at);
            opened.Add(certificate);
            if (vault.Refuse(certificate.Certificate.Leaf) is { } refused)
                return refused.At(at);
            if (!names.Add(certificate.Name))
                return AccountCertificates.NameTaken(certificate.Name).At(at);
        }

        return null;
    }
}
