using System.Net.Sockets;
using System.Text;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>A caller of the gateway that sends exactly what it is told and shows exactly what comes back.</summary>
internal sealed class RawCaller : IAsyncDisposable
{
    private readonly TcpClient client = new();
    private readonly TestGateway gateway;

    private RawCaller(TestGateway gateway) => this.gateway = gateway;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public NetworkStream Stream => client.GetStream();

    public static async Task<RawCaller> ConnectAsync(TestGateway gateway)
    {
        var caller = new RawCaller(gateway);
        var address = new Uri(gateway.Url);
        await caller.client.ConnectAsync(address.Host, address.Port, Cancellation);
        return caller;
    }

    /// <summary>The head of a forward with these further lines, and what follows it.</summary>
    /// <param name="rest">The body as it stands on the wire.</param>
    public Task SendAsync(string method, string url, IEnumerable<string> headers, string rest = "", string account = "demo")
    {
        string[] lines =
        [
            $"{method} /mtls/account/{account} HTTP/1.1", $"Host: {new Uri(gateway.Url).Authority}", $"LP-forward-url: {url}",
            $"Authorization: Bearer {gateway.Issuer.Token(account, "MTLS_WRITE_INTERNAL")}", .. headers, "", rest,
        ];
        return SendRawAsync(string.Join("\r\n", lines));
    }

    public async Task SendRawAsync(string text) => await RawHttp.WriteAsync(Stream, text, Cancellation);

    public Task<RawHead> ReadHeadAsync() => RawHttp.ReadHeadAsync(Stream, Cancellation);

    public async Task<(RawHead Head, string Body)> ReadAnswerAsync()
    {
        var head = await ReadHeadAsync();
        return (head, await RawHttp.ReadBodyAsync(Stream, head, Cancellation));
    }

    public Task<string> ReadChunkAsync() => RawHttp.ReadChunkAsync(Stream, Cancellation);

    /// <summary>Everything until the gateway closes or breaks the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var rest = new MemoryStream();
        try
        {
            await Stream.CopyToAsync(rest, Cancellation);
        }
        catch (IOException)
        {
            // Broken off: what came before it is what was asked for.
        }

        return Encoding.Latin1.GetString(rest.ToArray());
    }

    /// <summary>Leaves without a good-bye.</summary>
    public void Reset() => client.Client.Close(0);

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
