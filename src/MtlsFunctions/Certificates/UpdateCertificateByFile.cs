using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>Replaces a certificate's p12: same id, next version; its mappings follow, and the old version serves until the new one is stored.</summary>
public sealed class UpdateCertificateByFile(Gate gate, CertificateSaving saving)
{
    [Function(nameof(UpdateCertificateByFile))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "mtls/account/{accountId}/certificates/by-file")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "certificate.update", cancellation, async (caller, action) =>
        {
            if (!(await CertificateForm.ReadAsync(request, cancellation)).TryGet(out var submitted, out var failure))
                return Answers.Problem(failure);
            var saved = await saving.UpdateAsync(caller.Account, [submitted], action, cancellation);
            if (!saved.TryGet(out var result, out failure))
                return Answers.Problem(failure with { Index = null });
            return Answers.Ok(result);
        });
}
