namespace MtlsFunctions.Certificates;

/// <summary>The same under the older spelling of the route, <c>byFile</c>.</summary>
public sealed class UpdateCertificateByFileOlderSpelling(UpdateCertificateByFile current)
{
    [Function(nameof(UpdateCertificateByFileOlderSpelling))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "mtls/account/{accountId}/certificates/byFile")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) => current.RunAsync(request, accountId, cancellation);
}
