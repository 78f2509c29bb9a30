using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates;
using MtlsFunctions.Certificates.Pkcs12;
using MtlsFunctions.CertificateVaults;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// Opens a p12 and says whether it could be used, and if not, exactly why. Stores nothing. In its older form, with LP-forward-url,
/// it also calls that URL with the certificate and answers with the remote's status and body.
/// </summary>
public sealed class TestPkcs12(
    Gate gate, ICertificateVault vault, KeyDerivations derivations, TimeProvider clock, IOptions<CertificateOptions> options, TestCall call, SecurityEvents events)
{
    [Function(nameof(TestPkcs12))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mtls/account/{accountId}/p12-test/multipart")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            if (!(await CertificateForm.ReadTestAsync(request, cancellation)).TryGet(out var submitted, out var failure))
                return Answers.Problem(failure);
            var judged = await derivations.RunAsync(
                caller.Account.Value, () => Pkcs12File.Open(submitted.P12, submitted.Password!, clock.GetUtcNow()), cancellation);
            if (!judged.TryGet(out var opened, out failure))
                return failure.Kind == FailureKind.Busy ? Answers.Problem(failure) : Unusable(failure);
            using var certificate = opened.Certificate;
            if (vault.Refuse(certificate.Leaf) is { } refused)
                return Unusable(refused);
            if (!request.Headers.ContainsKey(ControlHeaders.ForwardUrl))
                return Answers.Ok(opened.Report);
            var answer = await call.SendAsync(request, caller, certificate, submitted, cancellation);
            events.Note(caller, "p12.call", (answer as IStatusCodeHttpResult)?.StatusCode ?? request.HttpContext.Response.StatusCode, request);
            return answer;
        });

    private IResult Unusable(Failure failure) =>
        options.Value.TesterFailureStatus is { } status ? Answers.Problem(failure, status) : Answers.Problem(failure);
}
