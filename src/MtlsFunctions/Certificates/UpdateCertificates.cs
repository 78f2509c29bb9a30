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
        gate.ManageAsync(request, accountId, "certificate.update", cancellation, async (caller, action) =>
        {
            var read = await RequestBodies.ReadJsonAsync<SubmittedCertificate?[]>(request, cancellation);
            if (!read.TryGet(out var submitted, out var failure))
                return Answers.Problem(failure);
            var saved = await saving.UpdateAsync(caller.Account, submitted, action, cancellation);
            if (!saved.TryGet(out var result, out failure))
                return Answers.Problem(failure);
            return Answers.Ok(result);
        });
}
