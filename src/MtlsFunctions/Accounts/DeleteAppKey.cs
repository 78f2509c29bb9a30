using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>Revokes an app key and the keys that it has made; the answer is the one that was named.</summary>
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
            if (!(await keys.DeleteAsync(caller.Account, appKeyId, cancellation)).TryGet(out var revoked, out var failure))
                return Answers.Problem(failure);
            action.Touches("app-key", revoked.Select(key => key.Id));
            return Answers.Ok(AppKeyAnswer.Of(revoked[0]));
        });
}
