using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>The versions of a certificate that are kept, newest first.</summary>
public sealed class ListCertificateVersions(Gate gate, AccountCertificates certificates, CertificateVersions versions)
{
    [Function(nameof(ListCertificateVersions))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "mtls/account/{accountId}/certificates/{certificateId:long}/versions")] HttpRequest request,
        string accountId,
        long certificateId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            if (!(await certificates.FindAsync(caller.Account, certificateId, cancellation)).TryGet(out var row, out var failure))
                return Answers.Problem(failure);
            var rows = await versions.ListAsync(caller.Account, certificateId, cancellation);
            return Answers.Ok(rows.Select(version => new Shown(
                version.Version, version.Thumbprint, CertificateAnswer.Iso(version.NotAfter), CertificateAnswer.Iso(version.Created), version.Version == row.Version)));
        });

    private sealed record Shown(int Version, string Thumbprint, string ExpirationDate, string Created, bool Current);
}
