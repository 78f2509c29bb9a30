using MtlsFunctions.Authorization;

namespace MtlsFunctions.Mappings;

/// <summary>Says which triplets have a mapping that would be used, keyed by the triplet's text (v1) or beside it (v2).</summary>
public sealed class CheckMappings(Gate gate, MappingChecks checks)
{
    [Function(nameof(CheckMappings))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mtls/mapping")] HttpRequest request,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId: null, Permission.Read | Permission.Forward, cancellation, async caller =>
        {
            if (!Version(request).TryGet(out var version, out var failure))
                return Answers.Problem(failure);
            if (!(await RequestBodies.ReadJsonAsync<SubmittedTriplet?[]>(request, cancellation)).TryGet(out var submitted, out failure))
                return Answers.Problem(failure);
            if (submitted.Any(triplet => triplet?.Names(caller.Account) == false))
                return gate.RefuseForeign(request, caller);
            if (!(await checks.CheckAsync(caller.Account, submitted, accountNeeded: true, cancellation)).TryGet(out var found, out failure))
                return Answers.Problem(failure);
            return version == 1
                ? Answers.Ok(found.DistinctBy(check => check.Text).ToDictionary(check => check.Text, check => check.Exists))
                : Answers.Ok(found.Select(Second));
        });

    private static Outcome<int> Version(HttpRequest request) => request.Query["v"].ToString() switch
    {
        "" or "1" or "1.0" => 1,
        "2" or "2.0" => 2,
        _ => new Failure(FailureKind.RequestInvalid, "The query parameter v is 1 or 2."),
    };

    private static SecondForm Second(MappingCheck check) =>
        new(check.Submitted.ServiceName, check.Submitted.AccountId, check.Submitted.SiteId, check.Submitted.Url, check.Exists);

    private sealed record SecondForm(string? ServiceName, string? AccountId, string? SiteId, string? Url, bool DoExist);
}
