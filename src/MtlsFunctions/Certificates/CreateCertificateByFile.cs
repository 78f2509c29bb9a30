using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates.Pkcs12;

namespace MtlsFunctions.Certificates;

/// <summary>Uploads a p12: checked like the tester does, metadata to the table, key to the vault.</summary>
public sealed class CreateCertificateByFile(Gate gate, AccountCertificates certificates, TimeProvider clock)
{
    [Function(nameof(CreateCertificateByFile))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mtls/account/{accountId}/certificates/by-file")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Write, cancellation, async caller =>
        {
            if (!(await CertificateUpload.ReadAsync(request, cancellation)).TryGet(out var upload, out var failure))
                return Answers.Problem(failure);
            var saved = await SaveAsync(caller.Account, upload, cancellation);
            return saved.TryGet(out var certificate, out failure)
                ? Answers.Created(SaveResult.Of([certificate]))
                : Answers.Problem(failure);
        });

    private async Task<Outcome<CertificateAnswer>> SaveAsync(AccountId account, CertificateUpload upload, CancellationToken cancellation)
    {
        var name = upload.Name;
        var displayName = upload.DisplayName ?? name;
        if ((Names.Refuse(name, "certificate") ?? Names.Refuse(displayName, "certificate's display")) is { } refused)
            return refused;
        if (upload.Password is null)
            return new Failure(FailureKind.RequestInvalid, "The form part 'certificate' needs a \"password\".");
        if (!Pkcs12File.Open(upload.File, upload.Password).TryGet(out var opened, out var failure))
            return failure;
        using var certificate = opened.Certificate;
        if (certificate.RefuseByTime(clock.GetUtcNow()) is { } outOfTime)
            return outOfTime;
        var created = await certificates.CreateAsync(account, name!, displayName!, certificate, cancellation);
        return created.TryGet(out var row, out failure) ? CertificateAnswer.Of(row, clock.GetUtcNow()) : failure;
    }
}
