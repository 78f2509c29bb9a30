using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>Switches a certificate off in an emergency: no forward uses it, whatever is mapped to it.</summary>
public sealed class DisableCertificate(Gate gate, AccountCertificates certificates, TimeProvider clock)
{
    [Function(nameof(DisableCertificate))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mtls/account/{accountId}/certificates/{certificateId:long}/disable")] HttpRequest request,
        string accountId,
        long certificateId,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "certificate.disable", cancellation, async (caller, action) =>
        {
            action.Touches("certificate", certificateId);
            return (await certificates.DisableAsync(caller.Account, certificateId, disabled: true, cancellation)).TryGet(out var row, out var failure)
                ? Answers.Ok(CertificateAnswer.Of(row, clock.GetUtcNow()))
                : Answers.Problem(failure);
        });
}
