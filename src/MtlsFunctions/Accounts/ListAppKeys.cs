using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>The account's app keys, without their secrets.</summary>
public sealed class ListAppKeys(Gate gate, AppKeys keys)
{
    [Function(nameof(ListAppKeys))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "mtls/account/{accountId}/app-keys")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Write, cancellation, async caller =>
            Answers.Ok((await keys.ListAsync(caller.Account, cancellation)).Select(row => AppKeyAnswer.Of(row))));
}
