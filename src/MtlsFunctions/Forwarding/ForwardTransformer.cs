using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using MtlsFunctions.Mappings;
using Yarp.ReverseProxy.Forwarder;

namespace MtlsFunctions.Forwarding;

/// <summary>What goes out and what comes back: everything, less what belongs to one connection or to this gateway.</summary>
internal sealed class ForwardTransformer(TargetUrl target, StringValues authorization, bool wrapErrors) : HttpTransformer
{
    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = target.Uri;
        var perConnection = httpContext.Request.Headers.Connection;
        foreach (var (name, values) in httpContext.Request.Headers)
        {
            if (ControlHeaders.GoesUpstream(name) && !Names(perConnection, name))
                EmptyContent.AddHeader(proxyRequest, name, values);
        }

        if (authorization.Count > 0)
            EmptyContent.AddHeader(proxyRequest, "Authorization", authorization);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
            return ValueTask.FromResult(false);
        // Nobody asked for another protocol.
        if (proxyResponse.StatusCode == HttpStatusCode.SwitchingProtocols)
            throw new HttpRequestException(HttpRequestError.InvalidResponse, "The remote switches protocols without being asked.");
        var response = httpContext.Response;
        var perConnection = NamedByConnection(proxyResponse);
        Copy(proxyResponse.Headers, response.Headers, perConnection);
        Copy(proxyResponse.Content.Headers, response.Headers, perConnection);
        // RFC 9112 section 6.3: chunks override a length beside them.
        if (proxyResponse.Headers.NonValidated.Contains("Transfer-Encoding"))
            response.Headers.ContentLength = null;
        response.Headers[ControlHeaders.ResponseOrigin] = ControlHeaders.FromUpstream;
        if (wrapErrors && response.StatusCode >= StatusCodes.Status400BadRequest)
        {
            response.Headers[ControlHeaders.UpstreamStatus] = response.StatusCode.ToString(CultureInfo.InvariantCulture);
            response.StatusCode = StatusCodes.Status424FailedDependency;
            httpContext.Features.Get<IHttpResponseFeature>()?.ReasonPhrase = null;
        }

        proxyResponse.Content = new PromptContent(proxyResponse.Content, response);
        return ValueTask.FromResult(true);
    }

    public override ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        if (httpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
            Copy(proxyResponse.TrailingHeaders, trailers, NamedByConnection(proxyResponse));
        return ValueTask.CompletedTask;
    }

    private static StringValues NamedByConnection(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues("Connection", out var named) ? named.ToArray() : default;

    private static void Copy(HttpHeaders from, IHeaderDictionary to, StringValues perConnection)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            if (ControlHeaders.GoesDownstream(name) && !Names(perConnection, name))
                to[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues(values.ToArray());
        }
    }

    private static bool Names(StringValues connection, string header)
    {
        foreach (var value in connection)
        {
            foreach (var part in value.AsSpan().Split(','))
            {
                if (value.AsSpan(part).Trim().Equals(header, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }
}
