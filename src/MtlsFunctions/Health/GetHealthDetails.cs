using MtlsFunctions.Authorization;

namespace MtlsFunctions.Health;

/// <summary>Whether what this app depends on can be reached, and how fast; 503 when table or vault can't.</summary>
public sealed class GetHealthDetails(Gate gate, DependencyChecks checks)
{
    [Function(nameof(GetHealthDetails))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/details")] HttpRequest request,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId: null, Permission.Read, cancellation, async caller =>
        {
            var found = await checks.RunAsync(caller.Account, cancellation);
            var serves = found.All(check => check.IsUp || !check.Vital);
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
