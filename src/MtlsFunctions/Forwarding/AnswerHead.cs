using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace MtlsFunctions.Forwarding;

/// <summary>Status, headers and trailers of an answer as they come back: everything, less what belongs to the remote's connection.</summary>
internal static class AnswerHead
{
    /// <summary>The head is judged before anything of it is copied: what HTTP doesn't allow would look like a fault of this gateway.</summary>
    /// <param name="wrapErrors">See <see cref="ForwardingOptions.WrapUpstreamErrors"/>.</param>
    /// <param name="asciiOnly">See <see cref="HeaderCarriage"/>; names of the headers that it changes go into <see cref="ControlHeaders.EncodedHeaders"/>.</param>
    /// <exception cref="HttpRequestException">HTTP doesn't allow such an answer.</exception>
    /// <exception cref="InvalidOperationException">A header that can't be passed on.</exception>
    public static void Copy(HttpResponseMessage answer, HttpContext context, bool wrapErrors, bool asciiOnly = false)
    {
        JudgeStatus(answer.StatusCode);
        var length = AnswerFraming.LengthOf(answer);
        var response = context.Response;
        var perConnection = NamedByConnection(answer);
        Copy(answer.Headers, response.Headers, perConnection);
        Copy(answer.Content.Headers, response.Headers, perConnection);
        if (asciiOnly)
            KeepToAscii(response.Headers);
        response.Headers.ContentLength = length;
        response.Headers[ControlHeaders.ResponseOrigin] = ControlHeaders.FromUpstream;
        CopyStatus(answer, context, wrapErrors);
    }

    /// <summary>Where the caller's connection can carry them.</summary>
    public static void CopyTrailers(HttpResponseMessage answer, HttpContext context)
    {
        if (context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
            Copy(answer.TrailingHeaders, trailers, NamedByConnection(answer));
    }

    private static void JudgeStatus(HttpStatusCode status)
    {
        // Nobody asked for another protocol, and interim answers don't get here.
        if (status < HttpStatusCode.OK)
            throw new HttpRequestException(HttpRequestError.InvalidResponse, $"An answer can't have the status {(int)status:D3}.");
    }

    private static void KeepToAscii(IHeaderDictionary headers)
    {
        List<string>? changed = null;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                if (value is null || AsciiHeaders.Fits(value))
                    continue;
                (changed ??= []).Add(name);
                break;
            }
        }

        if (changed is null)
            return;
        foreach (var name in changed)
            headers[name] = new StringValues([.. headers[name].Select(value => value is null ? null : AsciiHeaders.Encode(name, value))]);
        headers[ControlHeaders.EncodedHeaders] = string.Join(", ", changed);
    }

    private static void CopyStatus(HttpResponseMessage answer, HttpContext context, bool wrapErrors)
    {
        var status = (int)answer.StatusCode;
        if (wrapErrors && status >= StatusCodes.Status400BadRequest)
        {
            context.Response.Headers[ControlHeaders.UpstreamStatus] = status.ToString(CultureInfo.InvariantCulture);
            context.Response.StatusCode = StatusCodes.Status424FailedDependency;
            return;
        }

        context.Response.StatusCode = status;
        if (answer.ReasonPhrase != ReasonPhrases.GetReasonPhrase(status))
            context.Features.Get<IHttpResponseFeature>()?.ReasonPhrase = answer.ReasonPhrase;
    }

    private static StringValues NamedByConnection(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues("Connection", out var named) ? named.ToArray() : default;

    private static void Copy(HttpHeaders from, IHeaderDictionary to, StringValues perConnection)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            if (ControlHeaders.GoesDownstream(name) && !ControlHeaders.Names(perConnection, name) && !AnswerFraming.IsLength(name))
                to[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues(values.ToArray());
        }
    }
}
