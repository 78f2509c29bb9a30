using System.Globalization;
using System.Net;

namespace MtlsFunctions.Forwarding;

/// <summary>How long an answer's body is, as its head says (RFC 9112 section 6): two readers of it must not see two different bodies.</summary>
internal static class AnswerFraming
{
    private const string ContentLength = "Content-Length";
    private const string TransferEncoding = "Transfer-Encoding";

    public static bool IsLength(string header) => header.Equals(ContentLength, StringComparison.OrdinalIgnoreCase);

    /// <summary>What follows the head of an answer that can't have a body is dropped.</summary>
    public static bool CanHaveBody(HttpResponseMessage answer) =>
        answer.RequestMessage?.Method != HttpMethod.Head
        && answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.ResetContent or HttpStatusCode.NotModified);

    /// <returns>The length that the caller is told; null for none.</returns>
    /// <exception cref="HttpRequestException">The head contradicts itself, or has a coding whose name would be lost.</exception>
    public static long? LengthOf(HttpResponseMessage answer)
    {
        var chunked = IsChunked(answer);
        var said = Said(answer);
        return answer.StatusCode switch
        {
            HttpStatusCode.NoContent => null,
            // RFC 9112 section 6.3 doesn't name this status: without a length the caller would wait for the end of the connection.
            HttpStatusCode.ResetContent => 0,
            // Chunks override a length beside them.
            _ => chunked ? null : said,
        };
    }

    private static bool IsChunked(HttpResponseMessage answer)
    {
        if (!answer.Headers.NonValidated.TryGetValues(TransferEncoding, out var codings))
            return false;
        // Chunks are undone here. Another coding would reach the caller without its name.
        if (codings.Count != 1 || !IsKnown(codings.ToString()))
            throw new HttpRequestException(HttpRequestError.InvalidResponse, "The only Transfer-Encoding that can be passed on is chunked.");
        return true;
    }

    private static bool IsKnown(string coding) =>
        coding.Equals("chunked", StringComparison.OrdinalIgnoreCase) || coding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    private static long? Said(HttpResponseMessage answer)
    {
        if (!answer.Content.Headers.NonValidated.TryGetValues(ContentLength, out var values))
            return null;
        // What the client goes by. A length that is there several times counts as one where all are the same.
        var framed = answer.Content.Headers.ContentLength;
        foreach (var value in values)
        {
            if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length != framed)
                throw new HttpRequestException(HttpRequestError.InvalidResponse, "The answer's Content-Length is not one number.");
        }

        return framed;
    }
}
