using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>Replaces the p12 files of certificates, as JSON with ids.</summary>
public sealed class UpdateCertificates(Gate gate, CertificateSaving saving)
{
    [Function(nameof(UpdateCertificates))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "mtls/account/{accountId}/certificates")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Write, cancellation, async caller =>
        {
            var read = await RequestBodies.ReadJsonAsync<SubmittedCertificate?[]>(request, cancellation);
            if (!read.TryGet(out var submitted, out var failure))
                return Answers.Problem(failure);
            var saved = await saving.UpdateAsync(caller.Account, submitted, cancellation);
            return saved.TryGet(out var result, out failure) ? Answers.Ok(result) : Answers.Problem(failure);
        });
}
