using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>Switches a disabled certificate on again.</summary>
public sealed class EnableCertificate(Gate gate, AccountCertificates certificates, TimeProvider clock)
{
    [Function(nameof(EnableCertificate))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mtls/account/{accountId}/certificates/{certificateId:long}/enable")] HttpRequest request,
        string accountId,
        long certificateId,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "certificate.enable", cancellation, async (caller, action) =>
        {
            action.Touches("certificate", certificateId);
            return (await certificates.DisableAsync(caller.Account, certificateId, disabled: false, cancellation)).TryGet(out var row, out var failure)
                ? Answers.Ok(CertificateAnswer.Of(row, clock.GetUtcNow()))
                : Answers.Problem(failure);
        });
}
