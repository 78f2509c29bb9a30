using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>Sends exactly the bytes it is told to: HTTP clients tidy up paths and fold repeated headers, attackers don't.</summary>
public static class RawHttp
{
    /// <param name="path">As it stands in the request line.</param>
    /// <param name="headers">Whole lines, in this order.</param>
    public static async Task<Answer> SendAsync(string gateway, string method, string path, params IEnumerable<string> headers)
    {
        // HTTP/1.0 gives an answer without chunks that ends with the connection.
        string[] lines = [$"{method} {path} HTTP/1.0", $"Host: {new Uri(gateway).Authority}", "Content-Length: 0", .. headers, "", ""];
        return await SendAsync(gateway, Encoding.Latin1.GetBytes(string.Join("\r\n", lines)));
    }

    /// <param name="request">The whole of it. One that keeps the connection open must say that it doesn't want that.</param>
    public static async Task<Answer> SendAsync(string gateway, byte[] request)
    {
        var address = new Uri(gateway);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(request, TestContext.Current.CancellationToken);
            await stream.CopyToAsync(answer, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Who has heard enough hangs up, maybe before everything was said; what was answered counts.
        }

        return Parse(answer.ToArray());
    }

    private static Answer Parse(byte[] answer)
    {
        var end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        Assert.True(end > 0, "The gateway hung up without an answer.");
        var head = Encoding.Latin1.GetString(answer, 0, end).Split("\r\n");
        var headers = head.Skip(1)
            .Select(line => line.Split(':', 2))
            .GroupBy(parts => parts[0], parts => parts[1].Trim(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => string.Join(", ", group), StringComparer.OrdinalIgnoreCase);
        var status = (HttpStatusCode)int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var body = answer[(end + 4)..];
        return new Answer(status, headers, headers.GetValueOrDefault("Transfer-Encoding") == "chunked" ? Decode(body) : body);
    }

    private static byte[] Decode(ReadOnlySpan<byte> chunked)
    {
        var body = new List<byte>();
        while (true)
        {
            var end = chunked.IndexOf("\r\n"u8);
            var length = int.Parse(chunked[..end], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
                return [.. body];
            body.AddRange(chunked.Slice(end + 2, length));
            chunked = chunked[(end + 2 + length + 2)..];
        }
    }
}
