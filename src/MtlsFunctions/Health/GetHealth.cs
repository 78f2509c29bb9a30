using MtlsFunctions.Authorization;

namespace MtlsFunctions.Health;

/// <summary>Up, for load balancers. Open to everybody, so it calls nothing that a flood of requests could wear out.</summary>
public sealed class GetHealth(Gate gate)
{
    [Function(nameof(GetHealth))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellation) =>
        gate.AdmitAnyoneAsync(request, accountId: null, cancellation, () =>
        {
            request.HttpContext.Response.Headers.CacheControl = "no-store";
            return Task.FromResult(Answers.Ok(new { Status = "up" }));
        });
}
