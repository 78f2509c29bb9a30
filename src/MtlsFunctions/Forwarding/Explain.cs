using System.Globalization;
using System.Text.Json.Serialization;
using MtlsFunctions.Authorization;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// Says which mapping, certificate and version a forward would use now, and with what trust; or exactly why none would be
/// used. It also looks at the remote, with a handshake and no request: whether it asks for a certificate, and what it shows itself.
/// </summary>
public sealed class Explain(
    Gate gate, RuntimeView view, NearestMappings nearest, RemoteTrust trust, RemoteLook look, IOptions<ForwardingOptions> options, TimeProvider clock)
{
    private const int MaxCandidates = 10;

    [Function(nameof(Explain))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mtls/account/{accountId}/explain")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.AdmitAsync(request, accountId, Permission.Read, cancellation, async caller =>
        {
            if (!(await RequestBodies.ReadJsonAsync<Question>(request, cancellation)).TryGet(out var question, out var failure))
                return Answers.Problem(failure);
            if (!ServiceName.Parse(question.ServiceName).TryGet(out var service, out failure))
                return Answers.Problem(failure);
            if (!TargetUrl.Parse(question.Url).TryGet(out var url, out failure))
                return Answers.Problem(failure);
            var resolution = await view.ResolveAsync(caller.Account, service, url, cancellation);
            var explanation = resolution.Mapping is null
                ? NotMapped(service, await nearest.FindAsync(caller.Account, service, url, MaxCandidates, cancellation))
                : Mapped(resolution);
            // Where nothing would go out, nothing does.
            if (question.Look == false || (resolution.Mapping is null && !options.Value.AllowWithoutCertificate))
                return Answers.Ok(explanation);
            var seen = await look.SeeAsync(url.Uri, resolution.TrustedCa, new Reach(caller.Account, resolution.Mapping is not null), cancellation);
            return Answers.Ok((seen.TryGet(out var shown, out failure) ? shown : Unreachable(failure)).AddTo(explanation));
        });

    private static RemoteView Unreachable(Failure failure) =>
        new(failure.Members?["transportError"] as string ?? Problems.Of(failure.Kind).Name, failure.Detail, null, null, null);

    private Explanation Mapped(Resolution resolution)
    {
        var unusable = resolution.Unusable(clock.GetUtcNow());
        var (mapping, certificate) = (resolution.Mapping!, resolution.Certificate);
        return new Explanation(
            unusable is null, mapping.Id, mapping.CertificateId.ToString(CultureInfo.InvariantCulture), certificate?.Version, certificate?.Thumbprint,
            trust.Of(resolution.TrustedCa).Describe(), unusable is null ? [$"Mapping '{mapping.Name}' is enabled and its certificate can be used."] : [unusable.Detail], []);
    }

    private Explanation NotMapped(ServiceName service, NearMapping[] near) => new(
        Match: false, null, null, null, null, trust.Describe(),
        [
            $"No enabled mapping of this account has service {service} and exactly this URL, query included.",
            options.Value.AllowWithoutCertificate
                ? $"A forward would go without a certificate, or not at all with {ControlHeaders.StopIfCertificateNotFound}: true."
                : "This gateway sends nothing without a certificate.",
        ],
        [.. near.Select(one => new Candidate(one.Row.Id, one.Row.Url, one.Service.Name, one.Why))]);

    private sealed record Question([property: JsonConverter(typeof(StringOrNumber))] string? ServiceName, string? Url, bool? Look);

    private sealed record Explanation(
        bool Match, long? MappingId, string? CertificationId, int? Version, string? Thumbprint, string Trust,
        IReadOnlyList<string> Reasons, IReadOnlyList<Candidate> Candidates);

    private sealed record Candidate(long MappingId, string Url, string ServiceName, string Why);
}
