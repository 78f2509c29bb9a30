using System.Text;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>The public part, for whoever must be told which certificate we present: the chain as PEM, never the key.</summary>
public sealed class DownloadCertificate(
    Gate gate, AccountCertificates certificates, CertificateKeys keys, SecurityEvents events, TimeProvider clock)
{
    private const string PemChain = "application/pem-certificate-chain";

    [Function(nameof(DownloadCertificate))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "mtls/account/{accountId}/certificates/{certificateId:long}/download")] HttpRequest request,
        string accountId,
        long certificateId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            if (!(await certificates.FindAsync(caller.Account, certificateId, cancellation)).TryGet(out var row, out var failure))
                return Answers.Problem(failure);
            if (!(await keys.LoadAsync(caller.Account, row, cancellation)).TryGet(out var certificate, out failure))
                return Answers.Problem(failure);
            events.Note(caller, "certificate.download", StatusCodes.Status200OK, request, row.Id);
            using (certificate)
                return Results.File(Encoding.ASCII.GetBytes(certificate.ToPem(clock.GetUtcNow())), PemChain, $"certificate-{row.Id}.pem");
        });
}
