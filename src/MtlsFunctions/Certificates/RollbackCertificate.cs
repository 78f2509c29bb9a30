using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>Makes an earlier version the one in use; mappings follow it as they follow an update.</summary>
public sealed class RollbackCertificate(Gate gate, CertificateVersions versions, TimeProvider clock)
{
    [Function(nameof(RollbackCertificate))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mtls/account/{accountId}/certificates/{certificateId:long}/rollback/{version:long}")] HttpRequest request,
        string accountId,
        long certificateId,
        long version,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "certificate.rollback", cancellation, async (caller, action) =>
        {
            action.Touches("certificate", certificateId);
            return (await versions.RollBackAsync(caller.Account, certificateId, version, cancellation)).TryGet(out var row, out var failure)
                ? Answers.Ok(CertificateAnswer.Of(row, clock.GetUtcNow()))
                : Answers.Problem(failure);
        });
}
