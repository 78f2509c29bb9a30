using System.Text.Json.Serialization;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Discovery;

/// <summary>Where an account's services are. Open to everybody: it tells nothing about the account.</summary>
public sealed class ListBaseUris(BaseUris services)
{
    [Function(nameof(ListBaseUris))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/account/{accountId}/service/baseURI.json")] HttpRequest request,
        string accountId) =>
        Task.FromResult(AccountId.IsLegal(accountId)
            ? Answers.Ok(new BaseUriList([.. services.All(request, accountId)]))
            : Answers.Problem(AccountId.Illegal()));

    private sealed record BaseUriList([property: JsonPropertyName("baseURIs")] IReadOnlyList<BaseUri> Services);
}
