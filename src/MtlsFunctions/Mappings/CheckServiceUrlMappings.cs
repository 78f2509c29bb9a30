using MtlsFunctions.Authorization;

namespace MtlsFunctions.Mappings;

/// <summary>The same question for the account in the route.</summary>
public sealed class CheckServiceUrlMappings(Gate gate, MappingChecks checks)
{
    [Function(nameof(CheckServiceUrlMappings))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/account/{accountId}/checks/serviceUrlMappings")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read | Permission.Forward, cancellation, async caller =>
        {
            if (!(await RequestBodies.ReadJsonAsync<SubmittedTriplet?[]>(request, cancellation)).TryGet(out var submitted, out var failure))
                return Answers.Problem(failure);
            if (submitted.Any(triplet => triplet?.Names(caller.Account) == false))
                return gate.RefuseForeign(request, caller);
            if (!(await checks.CheckAsync(caller.Account, submitted, accountNeeded: false, cancellation)).TryGet(out var found, out failure))
                return Answers.Problem(failure);
            return Answers.Ok(found.Select(check => new ServiceUrl(check.Service.Name, check.Submitted.Url!, check.Exists)));
        });

    private sealed record ServiceUrl(string ServiceName, string Url, bool Exist);
}
