using MtlsFunctions.Authorization;

namespace MtlsFunctions.Mappings;

/// <summary>All mappings of the account, with its revision.</summary>
public sealed class ListMappings(Gate gate, AccountMappings mappings)
{
    [Function(nameof(ListMappings))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/account/{accountId}/configuration/ac-common/mtls")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            var (rows, revision) = await mappings.ListAsync(caller.Account, cancellation);
            AccountRevision.Tell(request, revision);
            return Answers.Ok(rows.Select(MappingAnswer.OfSummary));
        });
}
