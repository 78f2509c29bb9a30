using System.Text.Json.Serialization;
using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Forwarding;

/// <summary>Maps a certificate in one step, with a generated name; on demand only if the URL answers it over TLS.</summary>
public sealed class ActivateCertificate(Gate gate, AccountCertificates certificates, CertificateKeys keys, AccountMappings mappings, RemoteCall remote, RemoteLook look, TimeProvider clock)
{
    [Function(nameof(ActivateCertificate))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mtls/account/{accountId}/certificates/activate/{certificateId:long}")] HttpRequest request,
        string accountId,
        long certificateId,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "certificate.activate", cancellation, async (caller, action) =>
        {
            action.Touches("certificate", certificateId);
            if (!(await RequestBodies.ReadJsonAsync<Activation>(request, cancellation)).TryGet(out var activation, out var failure))
                return Answers.Problem(failure);
            if (!Parse(activation, certificateId).TryGet(out var mapping, out failure))
                return Answers.Problem(failure);
            if (!bool.TryParse(request.Query["isValidateUrlEnabled"] is { Count: > 0 } said ? said.ToString() : bool.FalseString, out var validate))
                return Answers.Problem(new Failure(FailureKind.RequestInvalid, "The query parameter isValidateUrlEnabled is true or false."));
            if (!(await certificates.FindAsync(caller.Account, certificateId, cancellation)).TryGet(out var row, out failure))
                return Answers.Problem(failure);
            RemoteView? seen = null;
            if (validate)
            {
                if (CertificateStatus.WhyUnusable(row, clock.GetUtcNow()) is { } why)
                    return Answers.Problem(new Failure(FailureKind.CertificateUnusable, $"Certificate {row.Id} can't be tried: {why}."));
                if (!(await keys.LoadAsync(caller.Account, row, cancellation)).TryGet(out var certificate, out failure))
                    return Answers.Problem(failure);
                if (!(await TryAsync(certificate, mapping, new Reach(caller.Account, IsMapped: true), cancellation)).TryGet(out seen, out failure))
                    return Answers.Problem(failure);
            }

            var created = await mappings.CreateAsync(caller.Account, [mapping], expectedRevision: null, cancellation);
            if (!created.TryGet(out var stored, out failure))
                return Answers.Problem(failure with { Index = null });
            action.Touches("mapping", stored.Rows[0].Id);
            var answer = MappingAnswer.Of(stored.Rows[0]);
            return seen is null ? Answers.Created(answer) : Answers.Created(seen.AddTo(answer));
        });

    // Any status will do: it came through TLS with this certificate, which ends with the call.
    private async Task<Outcome<RemoteView>> TryAsync(ClientCertificate certificate, NewMapping mapping, Reach reach, CancellationToken cancellation)
    {
        using var presented = certificate;
        var issuers = RemoteView.IssuersOf(certificate);
        using var trial = new HttpRequestMessage(HttpMethod.Get, mapping.Url.Uri);
        var trustedCa = mapping.TrustedCa is { } pem ? TrustedCa.OfStored(pem) : null;
        if (!(await look.SeeAsync(mapping.Url.Uri, trustedCa, reach, cancellation)).TryGet(out var seen, out var failure))
            return failure;
        return (await remote.SendAsync(certificate, trustedCa, reach, trial, _ => Task.FromResult(true), cancellation)).TryGet(out _, out failure)
            ? seen
            : seen.AddTo(failure, issuers);
    }

    private static Outcome<NewMapping> Parse(Activation activation, long certificateId)
    {
        if (!TargetUrl.Parse(activation.Url).TryGet(out var url, out var failure))
            return failure;
        if (!TrustedCa.ParseOptional(activation.TrustedCa).TryGet(out var trustedCa, out failure))
            return failure;
        return ServiceName.Parse(activation.ServiceName).TryGet(out var service, out failure)
            ? new NewMapping($"{service.Name} {Guid.NewGuid():N}", url, service, certificateId, Enabled: true, trustedCa?.Pem)
            : failure;
    }

    private sealed record Activation([property: JsonConverter(typeof(StringOrNumber))] string? ServiceName, string? Url, string? TrustedCa = null);
}
