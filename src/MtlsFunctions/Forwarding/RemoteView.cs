using System.Text.Json;
using System.Text.Json.Nodes;
using MtlsFunctions.Certificates;

namespace MtlsFunctions.Forwarding;

/// <summary>What a remote endpoint showed in a handshake, as members of answers.</summary>
/// <param name="TransportError">Why no request would go there; null when nothing speaks against one.</param>
/// <param name="TransportMessage">The same in words.</param>
/// <param name="CertificateAsked">Whether it asked for a client certificate; null where that isn't known.</param>
/// <param name="AcceptableIssuers">Authorities whose certificates it says it takes; null where it said none.</param>
public sealed record RemoteView(
    string? TransportError, string? TransportMessage, bool? CertificateAsked, IReadOnlyList<string>? AcceptableIssuers, RemoteCertificate? RemoteCertificate)
{
    private const int MostIssuers = 20;

    public static RemoteView Of(string? code, string? words, bool? asked, IReadOnlyList<string>? issuers, RemoteCertificate? certificate) => new(
        code, code is null ? null : words, asked,
        issuers is { Count: > 0 } ? [.. issuers.Take(MostIssuers).Select(RemoteCertificate.Text)] : null, certificate);

    /// <summary>A failure of the call after the look, with what the look has shown. What the failure knows itself stays.</summary>
    /// <param name="ours">The issuers of the certificate that was presented: see <see cref="IssuersOf"/>.</param>
    public Failure AddTo(Failure failure, IReadOnlyList<string> ours)
    {
        if (failure.Kind != FailureKind.RemoteUnreachable)
            return failure;
        var members = failure.Members?.ToDictionary() ?? [];
        Add("certificateAsked", CertificateAsked);
        Add("acceptableIssuers", AcceptableIssuers);
        Add("remoteCertificate", RemoteCertificate);
        return failure with { Members = members, Detail = failure.Detail + Hint(ours) };

        void Add(string name, object? value)
        {
            if (value is not null)
                members.TryAdd(name, value);
        }
    }

    /// <returns>The answer as JSON with these members behind its own.</returns>
    public JsonObject AddTo<T>(T answer)
    {
        var all = JsonSerializer.SerializeToNode(answer, Answers.Json)!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(this, Answers.Json)!.AsObject())
            all[name] = value?.DeepClone();
        return all;
    }

    /// <summary>Who issued the certificate, and who those that go with it. To be asked before it ends.</summary>
    public static IReadOnlyList<string> IssuersOf(ClientCertificate certificate) =>
        [.. certificate.Intermediates.Prepend(certificate.Leaf).Select(one => RemoteCertificate.Text(one.Issuer))];

    // The fastest diagnosis there is.
    private string Hint(IReadOnlyList<string> ours) => AcceptableIssuers is not { } issuers ? ""
        : ours.Intersect(issuers).Any() ? " The certificate's issuer is among those that the remote says it takes."
        : $" The certificate is of '{ours[0]}', which is not among those that the remote says it takes: {string.Join("; ", issuers)}.";
}
