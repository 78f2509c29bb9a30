using System.Buffers.Text;
using System.Text;

namespace MtlsFunctions.Forwarding.EarlyAnswers;

/// <summary>As much of an answer's head over HTTP/1.1 as must be known before the HTTP client sees it. What it can't read it leaves to the client.</summary>
internal static class AnswerStart
{
    // "HTTP/1.1 " and three digits.
    private const int StatusAt = 9;
    private const int StatusEnd = 12;

    private const int NoContent = 204;

    /// <summary>A line of a head that makes the client end the connection after the answer.</summary>
    public static ReadOnlySpan<byte> CloseLine => "Connection: close\r\n"u8;

    /// <param name="from">Where the search begins: what stands before it has been searched.</param>
    /// <returns>Where the head ends, its empty line included; -1 when the rest is still to come.</returns>
    public static int EndOf(ReadOnlySpan<byte> bytes, int from)
    {
        for (var at = from; ;)
        {
            var line = bytes[at..].IndexOf((byte)'\n');
            if (line < 0)
                return -1;
            at += line + 1;
            if (bytes[at..].StartsWith("\n"u8))
                return at + 1;
            if (bytes[at..].StartsWith("\r\n"u8))
                return at + 2;
        }
    }

    /// <returns>0 for what isn't the beginning of an answer.</returns>
    public static int StatusOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length > StatusEnd && bytes.StartsWith("HTTP/1."u8) && bytes[StatusAt - 1] == ' '
        && Utf8Parser.TryParse(bytes[StatusAt..StatusEnd], out int status, out var digits) && digits == StatusEnd - StatusAt ? status : 0;

    /// <summary>Informational, but not the switch to another protocol.</summary>
    public static bool IsInterim(int status) => status is >= 100 and < 200 and not 101;

    /// <summary>Whether the client can be given these first bytes of an answer as they are.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> first) => StatusOf(first) is >= 200 and not NoContent;

    /// <summary>A body where none may be: nobody knows where the next answer begins.</summary>
    public static bool HasForbiddenBody(int status, ReadOnlySpan<byte> head)
    {
        if (status != NoContent)
            return false;
        foreach (var line in head.Split((byte)'\n'))
        {
            if (IsFramingOfABody(head[line]))
                return true;
        }

        return false;
    }

    private static bool IsFramingOfABody(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 0)
            return false;
        var name = line[..colon].TrimEnd(" "u8);
        return Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8)
            || (Ascii.EqualsIgnoreCase(name, "Content-Length"u8) && !line[(colon + 1)..].Trim(" \t\r"u8).SequenceEqual("0"u8));
    }
}
