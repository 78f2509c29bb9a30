using System.Net.Sockets;
using System.Text;
using MtlsFunctions.EndToEndTests.Contract;

namespace MtlsFunctions.EndToEndTests.HostileInput;

/// <summary>A caller who announces more than they send: one who hangs up, and one who keeps the connection open and waits.</summary>
[Collection(nameof(HostileGateway))]
public sealed class UnfinishedBodyTests(HostileGateway hostile)
{
    // Kestrel gives a silent body five seconds; whoever waits for ever would run into this.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private IEnumerable<(ApiOperation Method, string Type)> Methods =>
        from method in hostile.Operations
        from type in new[] { "application/json", "multipart/form-data", "application/x-www-form-urlencoded" }
        where method.RequestSchema(type) is not null
        select (method, type);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_given_up_and_nothing_is_stored(bool hangsUp)
    {
        var answers = await Task.WhenAll(Methods.Select(async one => (one.Method.ToString(), await SendAsync(one.Method, one.Type, hangsUp))));

        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.True(answer.Item2 is "" || answer.Item2.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), $"{answer}"));
        // Whoever left gets no answer; whoever waits does.
        Assert.Contains(answers, answer => hangsUp || answer.Item2.Length > 0);
        await hostile.AreRefusedAsync([]);
    }

    /// <returns>The answer's first line, if there is any before the gateway hangs up.</returns>
    private async Task<string> SendAsync(ApiOperation method, string type, bool hangsUp)
    {
        var address = new Uri(hostile.Gateway.Url);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Bound);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, bound.Token);
        var path = ApiOperation.ShapeOf(method.Path.Replace("{accountId}", HostileGateway.Account, StringComparison.Ordinal)).Replace("{}", "1", StringComparison.Ordinal);
        string[] lines = [$"{method.Method} {path} HTTP/1.1", "Host: gateway", hostile.Authorization, $"Content-Type: {type}; boundary=part", "Content-Length: 1000", "", $"[{HostileGateway.Secret}"];
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", lines)), bound.Token);
            if (hangsUp)
                client.Client.Shutdown(SocketShutdown.Send);
            return await reader.ReadLineAsync(bound.Token) ?? "";
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            return "";
        }
    }
}
