using MtlsFunctions.Authorization;

namespace MtlsFunctions.Mappings;

/// <summary>One mapping of the account, with the account's revision.</summary>
public sealed class GetMapping(Gate gate, AccountMappings mappings)
{
    [Function(nameof(GetMapping))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/account/{accountId}/configuration/ac-common/mtls/{mappingId:long}")] HttpRequest request,
        string accountId,
        long mappingId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            if (!(await mappings.FindAsync(caller.Account, mappingId, cancellation)).TryGet(out var found, out var failure))
                return Answers.Problem(failure);
            AccountRevision.Tell(request, found.Revision);
            return Answers.Ok(MappingAnswer.Of(found.Row));
        });
}
