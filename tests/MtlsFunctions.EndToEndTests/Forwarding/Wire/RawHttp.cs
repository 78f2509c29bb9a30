using System.Globalization;
using System.Text;

namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>HTTP/1.1 as bytes: a head, and a body as it stands on the wire, framing included. Latin-1 keeps every byte a character.</summary>
internal static class RawHttp
{
    public static ValueTask WriteAsync(Stream stream, string text, CancellationToken cancellation) => stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellation);

    /// <returns>The first line, then a line for each header.</returns>
    public static async Task<RawHead> ReadHeadAsync(Stream stream, CancellationToken cancellation)
    {
        var lines = new List<string>();
        while (await ReadLineAsync(stream, cancellation) is { Length: > 0 } line)
            lines.Add(line);
        return new RawHead(lines[0], [.. lines.Skip(1)]);
    }

    /// <returns>The body as it came: for a chunked one with its sizes and trailers.</returns>
    public static async Task<string> ReadBodyAsync(Stream stream, RawHead head, CancellationToken cancellation)
    {
        if (head["Transfer-Encoding"] == "chunked")
        {
            var chunks = new StringBuilder();
            while (await ReadChunkAsync(stream, cancellation) is var chunk)
            {
                chunks.Append(chunk);
                if (chunk.StartsWith('0'))
                    return chunks.ToString();
            }
        }

        var length = int.Parse(head["Content-Length"] ?? "0", CultureInfo.InvariantCulture);
        return await ReadExactlyAsync(stream, length, cancellation);
    }

    /// <returns>One chunk with its size; with the trailers and the empty line when it is the last.</returns>
    public static async Task<string> ReadChunkAsync(Stream stream, CancellationToken cancellation)
    {
        var size = await ReadLineAsync(stream, cancellation);
        var length = int.Parse(size.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (length > 0)
            return $"{size}\r\n{await ReadExactlyAsync(stream, length + 2, cancellation)}";
        var end = new StringBuilder($"{size}\r\n");
        string line;
        do
        {
            line = await ReadLineAsync(stream, cancellation);
            end.Append(line).Append("\r\n");
        }
        while (line.Length > 0);
        return end.ToString();
    }

    /// <summary>What the chunks hold.</summary>
    public static string Decode(string chunked)
    {
        var body = new StringBuilder();
        for (var at = 0; ;)
        {
            var end = chunked.IndexOf("\r\n", at, StringComparison.Ordinal);
            var length = int.Parse(chunked[at..end].Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
                return body.ToString();
            body.Append(chunked, end + 2, length);
            at = end + 2 + length + 2;
        }
    }

    public static async Task<string> ReadExactlyAsync(Stream stream, int length, CancellationToken cancellation)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancellation);
        return Encoding.Latin1.GetString(bytes);
    }

    // Byte by byte, so that what follows stays in the stream.
    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellation)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(one, cancellation);
            if (one[0] == '\n' && line is [.., '\r'])
                return line.ToString(0, line.Length - 1);
            line.Append((char)one[0]);
        }
    }
}

/// <summary>The head of a message, line by line.</summary>
internal sealed record RawHead(string FirstLine, string[] Headers)
{
    /// <summary>The one header of that name; null when there is none.</summary>
    public string? this[string name] => Values(name).SingleOrDefault();

    public string[] Values(string name) => [.. Headers
        .Where(header => header.Split(':')[0].Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(header => header[(name.Length + 1)..].Trim(' '))];

    /// <summary>Names in lower case, values as they are, in order: for comparisons in which the order of headers doesn't count.</summary>
    public string[] Sorted => [.. Headers
        .Select(header => (Name: header.Split(':')[0], Value: header[(header.IndexOf(':') + 1)..].Trim(' ')))
        .Select(header => $"{header.Name.ToLowerInvariant()}: {header.Value}")
        .Order(StringComparer.Ordinal)];
}
