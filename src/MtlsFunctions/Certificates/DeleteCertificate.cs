using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>Deletes a certificate that no mapping uses, with its key; the answer is what was deleted.</summary>
public sealed class DeleteCertificate(Gate gate, AccountCertificates certificates, TimeProvider clock)
{
    [Function(nameof(DeleteCertificate))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "mtls/account/{accountId}/certificates/{certificateId:long}")] HttpRequest request,
        string accountId,
        long certificateId,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "certificate.delete", cancellation, async (caller, action) =>
        {
            action.Touches("certificate", certificateId);
            var deleted = await certificates.DeleteAsync(caller.Account, certificateId, cancellation);
            return deleted.TryGet(out var row, out var failure)
                ? Answers.Ok(CertificateAnswer.Of(row, clock.GetUtcNow()))
                : Answers.Problem(failure);
        });
}
