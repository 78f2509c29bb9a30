using MtlsFunctions.Authorization;

namespace MtlsFunctions.Health;

/// <summary>
/// Whether table and vault can be reached with the app's own identity: what a deployment is judged by. Open to everybody, so it names
/// nothing, and however often it is asked, everything is looked at once in <see cref="HealthOptions.CacheTime"/>.
/// </summary>
public sealed class GetReadiness(Gate gate, DependencyChecks checks)
{
    [Function(nameof(GetReadiness))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest request, CancellationToken cancellation) =>
        gate.AdmitAnyoneAsync(request, accountId: null, cancellation, async () =>
        {
            var serves = DependencyCheck.Serve(await checks.LatestAsync(cancellation));
            request.HttpContext.Response.Headers.CacheControl = "no-store";
            return Results.Json(
                new { Status = serves ? "up" : "down" },
                Answers.Json,
                statusCode: serves ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
}
