using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>All certificates of the account.</summary>
public sealed class ListCertificates(Gate gate, AccountCertificates certificates, TimeProvider clock)
{
    [Function(nameof(ListCertificates))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "mtls/account/{accountId}/certificates")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            var rows = await certificates.ListAsync(caller.Account, cancellation);
            var now = clock.GetUtcNow();
            return Answers.Ok(rows.Select(row => CertificateAnswer.Of(row, now)));
        });
}
