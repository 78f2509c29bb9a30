using MtlsFunctions.Authorization;

namespace MtlsFunctions.Discovery;

/// <summary>The API's own description, as it stands in docs/openapi.yaml.</summary>
public sealed class GetOpenApi(Gate gate)
{
    private const string Resource = "openapi.yaml";

    [Function(nameof(GetOpenApi))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.yaml")] HttpRequest request, CancellationToken cancellation) =>
        gate.AdmitAnyoneAsync(request, accountId: null, cancellation, () =>
            Task.FromResult(Results.Stream(typeof(GetOpenApi).Assembly.GetManifestResourceStream(Resource)!, "application/yaml")));
}
