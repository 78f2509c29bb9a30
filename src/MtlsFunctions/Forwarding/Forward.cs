using MtlsFunctions.Authorization;

namespace MtlsFunctions.Forwarding;

/// <summary>Sends the request to LP-forward-url over mTLS with the mapped certificate, and gives the answer back as it came.</summary>
public sealed class Forward(Gate gate, Forwarder forwarder)
{
    [Function(nameof(Forward))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "delete", "patch", "head", "options", Route = "mtls/account/{accountId}")] HttpRequest request,
        string accountId,
        CancellationToken cancellation)
    {
        var began = forwarder.Begin();
        request.HttpContext.Response.Headers[ControlHeaders.ResponseOrigin] = ControlHeaders.FromGateway;
        return gate.AdmitAsync(request, accountId, NeededFor(request.Method), cancellation, async caller =>
            ForwardRequest.Read(request).TryGet(out var forward, out var failure)
                ? await forwarder.SendAsync(request.HttpContext, caller.Account, forward, began, cancellation)
                : Answers.Problem(failure));
    }

    /// <summary>What a request with this method to a remote endpoint takes.</summary>
    public static Permission NeededFor(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method)
            ? Permission.Read | Permission.Forward
            : Permission.Forward;
}
