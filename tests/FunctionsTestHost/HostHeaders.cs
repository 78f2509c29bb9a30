using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace FunctionsTestHost;

/// <summary>The headers that a host adds: which invocation a request belongs to, and who called it how.</summary>
internal sealed class HostHeaders(string invocationId) : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        Set(proxyRequest, "x-ms-invocation-id", invocationId);
        Set(proxyRequest, "X-Forwarded-For", $"{httpContext.Connection.RemoteIpAddress}");
        Set(proxyRequest, "X-Forwarded-Host", httpContext.Request.Host.Value ?? "");
        Set(proxyRequest, "X-Forwarded-Proto", httpContext.Request.Scheme);
    }

    private static void Set(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }
}
