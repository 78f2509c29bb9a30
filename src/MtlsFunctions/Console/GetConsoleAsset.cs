using MtlsFunctions.Authorization;

namespace MtlsFunctions.SelfService;

/// <summary>A file of the console, for good: another content has another version in its path.</summary>
public sealed class GetConsoleAsset(Gate gate, ConsoleAssets assets, ConsoleHeaders headers)
{
    private const string Forever = "public, max-age=31536000, immutable";

    [Function(nameof(GetConsoleAsset))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "console/{version}/{asset}")] HttpRequest request,
        string version,
        string asset,
        CancellationToken cancellation) =>
        gate.ServeAsync(request, cancellation, () =>
        {
            if (assets.Find(version, asset) is not { } found)
            {
                // The next try may meet an instance that has it.
                headers.Set(request.HttpContext.Response, "no-store");
                return Answers.Problem(new Failure(FailureKind.NotFound, "This build of the console has no such file: reload /console."));
            }

            headers.Set(request.HttpContext.Response, Forever);
            return found.Answer(request);
        });
}
