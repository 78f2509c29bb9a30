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
        gate.AdmitAsync(request, accountId, Permission.Write, cancellation, async caller =>
        {
            var read = await RequestBodies.ReadJsonAsync<SubmittedMapping?[]>(request, cancellation);
            if (!read.TryGet(out var submitted, out var failure))
                return Answers.Problem(failure);
            if (!Parse(submitted, caller.Account).TryGet(out var parsed, out failure))
                return Answers.Problem(failure);
            if (!(await mappings.CreateAsync(caller.Account, parsed, cancellation)).TryGet(out var created, out failure))
                return Answers.Problem(failure);
            AccountRevision.Tell(request, created.Revision);
            return Answers.Created(created.Rows.Select(MappingAnswer.Of));
        });

    private static Outcome<NewMapping[]> Parse(SubmittedMapping?[] submitted, AccountId account)
    {
        if (submitted.Length == 0)
            return new Failure(FailureKind.RequestInvalid, "The array is empty: send at least one mapping.");
        if (submitted.Length > AccountMappings.MaxItems)
            return new Failure(FailureKind.TooManyItems, $"One request can create {AccountMappings.MaxItems} mappings, because they are stored together or not at all; this one has {submitted.Length}.");
        var parsed = new NewMapping[submitted.Length];
        for (var at = 0; at < submitted.Length; at++)
        {
            if (!NewMapping.Parse(submitted[at], account).TryGet(out var mapping, out var failure))
                return failure.At(at);
            parsed[at] = mapping;
        }

        return parsed;
    }
}
