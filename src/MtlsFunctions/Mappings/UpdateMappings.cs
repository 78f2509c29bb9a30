using MtlsFunctions.Authorization;

namespace MtlsFunctions.Mappings;

/// <summary>Changes the mappings that the array names by id, all of them or none; others stay as they are.</summary>
public sealed class UpdateMappings(Gate gate, AccountMappings mappings)
{
    [Function(nameof(UpdateMappings))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/account/{accountId}/configuration/ac-common/mtls")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "mapping.update", cancellation, async (caller, action) =>
        {
            if (!AccountRevision.Expected(request).TryGet(out var expected, out var failure))
                return Answers.Problem(failure);
            if (!(await RequestBodies.ReadJsonAsync<SubmittedMapping?[]>(request, cancellation)).TryGet(out var submitted, out failure))
                return Answers.Problem(failure);
            if (!SubmittedMappings.ParseWithIds(submitted, caller.Account).TryGet(out var updates, out failure))
                return Answers.Problem(failure);
            action.Touches("mapping", updates.Select(update => update.Id));
            if (!(await mappings.UpdateAsync(caller.Account, updates, expected, cancellation)).TryGet(out var updated, out failure))
                return Answers.Problem(failure);
            AccountRevision.Tell(request, updated.Revision);
            return Answers.Ok(updated.Rows.Select(MappingAnswer.Of));
        });
}
