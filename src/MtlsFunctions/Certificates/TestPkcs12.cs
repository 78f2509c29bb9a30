using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates.Pkcs12;

namespace MtlsFunctions.Certificates;

/// <summary>Opens a p12 and says whether it could be used, and if not, exactly why. Stores nothing.</summary>
public sealed class TestPkcs12(Gate gate, TimeProvider clock, IOptions<CertificateOptions> options)
{
    [Function(nameof(TestPkcs12))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mtls/account/{accountId}/p12-test/multipart")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async _ =>
        {
            if (!(await CertificateUpload.ReadTestAsync(request, cancellation)).TryGet(out var upload, out var failure))
                return Answers.Problem(failure);
            if (!Pkcs12File.Open(upload.File, upload.Password!).TryGet(out var opened, out failure))
                return Unusable(failure);
            using var certificate = opened.Certificate;
            return certificate.RefuseByTime(clock.GetUtcNow()) is { } outOfTime
                ? Unusable(outOfTime)
                : Answers.Ok(Pkcs12Report.Of(opened));
        });

    private IResult Unusable(Failure failure) =>
        options.Value.TesterFailureStatus is { } status ? Answers.Problem(failure, status) : Answers.Problem(failure);
}
