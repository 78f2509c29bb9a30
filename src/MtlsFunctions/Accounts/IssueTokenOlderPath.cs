namespace MtlsFunctions.Accounts;

/// <summary>The same under the path of the older version.</summary>
public sealed class IssueTokenOlderPath(IssueToken current)
{
    [Function(nameof(IssueTokenOlderPath))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sentinel/api/account/{accountId}/app/token")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) => current.RunAsync(request, accountId, cancellation);
}
