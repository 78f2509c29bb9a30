using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>Uploads a p12: checked like the tester does, metadata to the table, key to the vault.</summary>
public sealed class CreateCertificateByFile(Gate gate, CertificateSaving saving)
{
    [Function(nameof(CreateCertificateByFile))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mtls/account/{accountId}/certificates/by-file")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "certificate.create", cancellation, async (caller, action) =>
        {
            if (!(await CertificateForm.ReadAsync(request, cancellation)).TryGet(out var submitted, out var failure))
                return Answers.Problem(failure);
            var saved = await saving.CreateAsync(caller.Account, [submitted], cancellation);
            if (!saved.TryGet(out var result, out failure))
                return Answers.Problem(failure with { Index = null });
            result.Tell(action);
            return Answers.Created(result);
        });
}
