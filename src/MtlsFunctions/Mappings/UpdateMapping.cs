using System.Globalization;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Mappings;

/// <summary>Changes the one mapping in the route.</summary>
public sealed class UpdateMapping(Gate gate, AccountMappings mappings)
{
    [Function(nameof(UpdateMapping))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/account/{accountId}/configuration/ac-common/mtls/{mappingId:long}")] HttpRequest request,
        string accountId,
        long mappingId,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "mapping.update", cancellation, async (caller, action) =>
        {
            action.Touches("mapping", mappingId);
            if (!AccountRevision.Expected(request).TryGet(out var expected, out var failure))
                return Answers.Problem(failure);
            if (!(await RequestBodies.ReadJsonAsync<SubmittedMapping>(request, cancellation)).TryGet(out var submitted, out failure))
                return Answers.Problem(failure);
            if (submitted.Id is { } id && id != mappingId.ToString(CultureInfo.InvariantCulture))
                return Answers.Problem(new Failure(FailureKind.RequestInvalid, "\"id\" must be the mapping in the route; it can be left out."));
            if (!NewMapping.Parse(submitted, caller.Account).TryGet(out var mapping, out failure))
                return Answers.Problem(failure);
            if (!(await mappings.UpdateAsync(caller.Account, [(mappingId, mapping)], expected, cancellation)).TryGet(out var updated, out failure))
                return Answers.Problem(failure with { Index = null });
            AccountRevision.Tell(request, updated.Revision);
            return Answers.Ok(MappingAnswer.Of(updated.Rows[0]));
        });
}
