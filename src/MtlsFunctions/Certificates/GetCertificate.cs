using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>One certificate of the account.</summary>
public sealed class GetCertificate(Gate gate, AccountCertificates certificates, TimeProvider clock)
{
    [Function(nameof(GetCertificate))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "mtls/account/{accountId}/certificates/{certificateId:long}")] HttpRequest request,
        string accountId,
        long certificateId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            var found = await certificates.FindAsync(caller.Account, certificateId, cancellation);
            return found.TryGet(out var row, out var failure)
                ? Answers.Ok(CertificateAnswer.Of(row, clock.GetUtcNow()))
                : Answers.Problem(failure);
        });
}
