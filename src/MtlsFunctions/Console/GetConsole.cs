using MtlsFunctions.Authorization;

namespace MtlsFunctions.SelfService;

/// <summary>The console's page. Open to everybody: it holds nothing of any account, and asks who is there.</summary>
public sealed class GetConsole(Gate gate, ConsoleAssets assets, ConsoleHeaders headers)
{
    [Function(nameof(GetConsole))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "console")] HttpRequest request, CancellationToken cancellation) =>
        gate.AdmitAnyoneAsync(request, accountId: null, cancellation, () =>
        {
            headers.Set(request.HttpContext.Response, "no-cache");
            // The page names its files relative to its own address.
            return Task.FromResult(request.Path.Value?.EndsWith('/') == true ? Results.Redirect("../console") : assets.Page.Answer(request));
        });
}
