using MtlsFunctions.Authorization;

namespace MtlsFunctions.Health;

/// <summary>Whether what this app depends on can be reached, and how fast; 503 when table or vault can't. For operators: it names every issuer.</summary>
public sealed class GetHealthDetails(Gate gate, DependencyChecks checks, IOptions<HealthOptions> options)
{
    [Function(nameof(GetHealthDetails))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/details")] HttpRequest request,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId: null, Permission.Read, cancellation, async caller =>
        {
            if (!options.Value.OperatorAccounts.Contains(caller.Account.Value, StringComparer.Ordinal))
                return Answers.Problem(new Failure(FailureKind.Forbidden, "Only accounts of operators (Health:OperatorAccounts) see this; /health/ready is open."));
            var found = await checks.LatestAsync(cancellation);
            var serves = DependencyCheck.Serve(found);
            request.HttpContext.Response.Headers.CacheControl = "no-store";
            return Results.Json(
                new Details(serves ? "up" : "down", [.. found.Select(Shown.Of)]),
                Answers.Json,
                statusCode: serves ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });

    private sealed record Details(string Status, IReadOnlyList<Shown> Checks);

    private sealed record Shown(string Name, string Status, double Milliseconds)
    {
        public static Shown Of(DependencyCheck check) => new(check.Name, check.IsUp ? "up" : "down", Math.Round(check.Elapsed.TotalMilliseconds, 1));
    }
}
