using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>Revokes an app key; the answer is what was revoked.</summary>
public sealed class DeleteAppKey(Gate gate, AppKeys keys)
{
    [Function(nameof(DeleteAppKey))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "mtls/account/{accountId}/app-keys/{appKeyId:long}")] HttpRequest request,
        string accountId,
        long appKeyId,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "app-key.delete", cancellation, async (caller, action) =>
        {
            action.Touches("app-key", appKeyId);
            return (await keys.DeleteAsync(caller.Account, appKeyId, cancellation)).TryGet(out var row, out var failure)
                ? Answers.Ok(AppKeyAnswer.Of(row))
                : Answers.Problem(failure);
        });
}
