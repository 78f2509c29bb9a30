using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Primitives;
using MtlsFunctions.Authorization;
using MtlsFunctions.Certificates;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Forwarding;

/// <summary>The call of the tester's older form, shaped by its override headers and the form parts <c>body</c> and <c>trustedCa</c>.</summary>
public sealed class TestCall(RemoteCall remote, RemoteLook look)
{
    private const string MethodOverride = "LP-method-override";
    private const string ContentTypeOverride = "LP-content-type-override";

    private static readonly string[] Methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

    public async Task<IResult> SendAsync(HttpRequest request, Caller caller, ClientCertificate certificate, SubmittedCertificate submitted, CancellationToken cancellation)
    {
        if (!Read(request.Headers, submitted.Body).TryGet(out var message, out var failure))
            return Answers.Problem(failure);
        using var sent = message;
        if (!caller.May(Forward.NeededFor(sent.Method.Method)))
            return Answers.Problem(new Failure(FailureKind.Forbidden, $"To send {sent.Method} the permission {Permission.Forward} or {Permission.Write} is needed."));
        if (!TrustedCa.ParseOptional(submitted.TrustedCa).TryGet(out var trustedCa, out failure))
            return Answers.Problem(failure);
        var reach = new Reach(caller.Account, IsMapped: false);
        if (!(await look.SeeAsync(sent.RequestUri!, trustedCa, reach, cancellation)).TryGet(out var seen, out failure))
            return Answers.Problem(failure);
        var issuers = RemoteView.IssuersOf(certificate);
        var answered = await remote.SendAsync(certificate, trustedCa, reach, sent, answer => CopyAsync(answer, seen, request.HttpContext.Response, cancellation), cancellation);
        return answered.TryGet(out _, out failure) ? Results.Empty : Answers.Problem(seen.AddTo(failure, issuers));
    }

    private static Outcome<HttpRequestMessage> Read(IHeaderDictionary headers, string? body)
    {
        if (!TargetUrl.Parse(headers[ControlHeaders.ForwardUrl]).TryGet(out var url, out var failure))
            return failure with { Detail = $"{ControlHeaders.ForwardUrl}: {failure.Detail}" };
        var method = headers[MethodOverride] is [{ Length: > 0 } named] ? named.ToUpperInvariant() : body is null ? "GET" : "POST";
        if (!Methods.Contains(method))
            return new Failure(FailureKind.RequestInvalid, $"{MethodOverride} is one of: {string.Join(", ", Methods)}.");
        var message = new HttpRequestMessage(new HttpMethod(method), url.Uri);
        if (headers[ControlHeaders.AuthorizationOverride] is { Count: > 0 } authorization)
            message.Headers.TryAddWithoutValidation("Authorization", (IEnumerable<string?>)authorization);
        if (body is not null)
            message.Content = Content(body, headers[ContentTypeOverride]);
        return message;
    }

    private static ByteArrayContent Content(string body, StringValues contentType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (contentType.Count > 0)
            content.Headers.TryAddWithoutValidation("Content-Type", (IEnumerable<string?>)contentType);
        else
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static async Task<bool> CopyAsync(HttpResponseMessage answer, RemoteView seen, HttpResponse response, CancellationToken cancellation)
    {
        response.StatusCode = (int)answer.StatusCode;
        response.Headers[ControlHeaders.ResponseOrigin] = ControlHeaders.FromUpstream;
        // The body is the remote's: what we saw ourselves goes beside it.
        if (seen.CertificateAsked is { } asked)
            response.Headers[ControlHeaders.CertificateAsked] = asked ? "true" : "false";
        if (seen.AcceptableIssuers is { } issuers)
            response.Headers[ControlHeaders.AcceptableIssuers] = TransportFailure.Ascii(string.Join("; ", issuers));
        if (seen.RemoteCertificate?.Warnings is { } warnings)
            response.Headers[ControlHeaders.RemoteWarnings] = TransportFailure.Ascii(string.Join("; ", warnings));
        if (answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type))
            response.ContentType = type.ToString();
        await answer.Content.CopyToAsync(response.Body, cancellation);
        return true;
    }
}
