using MtlsFunctions.Authorization;

namespace MtlsFunctions.Discovery;

/// <summary>Where an account's services are. Open to everybody: it tells nothing about the account.</summary>
public sealed class ListBaseUris(Gate gate, BaseUris services)
{
    [Function(nameof(ListBaseUris))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/account/{accountId}/service/baseURI.json")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAnyoneAsync(request, accountId, cancellation, () =>
            Task.FromResult(Answers.Ok(new BaseUriList([.. services.All(request, accountId)]))));
}
