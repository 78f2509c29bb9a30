using MtlsFunctions.Authorization;

namespace MtlsFunctions.Certificates;

/// <summary>Uploads p12 files as JSON; a refused one stops the whole request.</summary>
public sealed class CreateCertificates(Gate gate, CertificateSaving saving)
{
    [Function(nameof(CreateCertificates))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mtls/account/{accountId}/certificates")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "certificate.create", cancellation, async (caller, action) =>
        {
            var read = await RequestBodies.ReadJsonAsync<SubmittedCertificate?[]>(request, cancellation);
            if (!read.TryGet(out var submitted, out var failure))
                return Answers.Problem(failure);
            var saved = await saving.CreateAsync(caller.Account, submitted, cancellation);
            if (!saved.TryGet(out var result, out failure))
                return Answers.Problem(failure);
            result.Tell(action);
            return Answers.Created(result);
        });
}
