using MtlsFunctions.Authorization;

namespace MtlsFunctions.Mappings;

/// <summary>Maps services and URLs to certificates; an array is stored whole or not at all.</summary>
public sealed class CreateMappings(Gate gate, AccountMappings mappings)
{
    [Function(nameof(CreateMappings))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/account/{accountId}/configuration/ac-common/mtls")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "mapping.create", cancellation, async (caller, action) =>
        {
            if (!AccountRevision.Expected(request).TryGet(out var expected, out var failure))
                return Answers.Problem(failure);
            if (!(await RequestBodies.ReadJsonAsync<SubmittedMapping?[]>(request, cancellation)).TryGet(out var submitted, out failure))
                return Answers.Problem(failure);
            if (!SubmittedMappings.Parse(submitted, caller.Account).TryGet(out var parsed, out failure))
                return Answers.Problem(failure);
            if (!(await mappings.CreateAsync(caller.Account, parsed, expected, cancellation)).TryGet(out var created, out failure))
                return Answers.Problem(failure);
            AccountRevision.Tell(request, created.Revision);
            action.Touches("mapping", created.Rows.Select(row => row.Id));
            return Answers.Created(created.Rows.Select(MappingAnswer.Of));
        });
}
