using MtlsFunctions.Authorization;

namespace MtlsFunctions.Discovery;

/// <summary>Where one service of an account is. Open to everybody, like the list.</summary>
public sealed class GetBaseUri(Gate gate, BaseUris services)
{
    [Function(nameof(GetBaseUri))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/account/{accountId}/service/{serviceName}/baseURI.json")] HttpRequest request,
        string accountId,
        string serviceName,
        CancellationToken cancellation) =>
        gate.AdmitAnyoneAsync(request, accountId, cancellation, () =>
            Task.FromResult(services.Find(request, accountId, serviceName) is { } found
                ? Answers.Ok(found)
                : Answers.Problem(new Failure(FailureKind.NotFound, "There is no service of that name; names are case-sensitive."))));
}
