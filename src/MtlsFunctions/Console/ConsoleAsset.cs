using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MtlsFunctions.SelfService;

/// <summary>One file in each encoding that it is served in.</summary>
public sealed class ConsoleAsset
{
    private const string Identity = "identity";

    // Best first: of two that a browser likes equally, the earlier is sent.
    private static readonly string[] Encodings = ["br", "gzip", Identity];

    private readonly string contentType;
    private readonly Dictionary<string, (byte[] Bytes, EntityTagHeaderValue Tag)> forms;

    private ConsoleAsset(string contentType, Dictionary<string, (byte[] Bytes, EntityTagHeaderValue Tag)> forms) =>
        (this.contentType, this.forms) = (contentType, forms);

    public static ConsoleAsset Of(byte[] bytes, string contentType)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..32];
        return new ConsoleAsset(contentType, Encodings.ToDictionary(
            encoding => encoding, encoding => (Encode(bytes, encoding), new EntityTagHeaderValue($"\"{hash}-{encoding}\""))));
    }

    /// <returns>The file, or 304 where the browser has it already.</returns>
    public IResult Answer(HttpRequest request)
    {
        var encoding = Choose(request.Headers.AcceptEncoding);
        var (bytes, tag) = forms[encoding];
        var headers = request.HttpContext.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;
        if (encoding != Identity)
            headers.ContentEncoding = encoding;
        return Results.Bytes(bytes, contentType, entityTag: tag);
    }

    /// <summary>RFC 9110, section 12.5.3, without the case that nobody is served: what is refused entirely comes unencoded.</summary>
    public static string Choose(StringValues accepted)
    {
        if (!StringWithQualityHeaderValue.TryParseList(accepted, out var values))
            return Identity;
        var qualities = values.GroupBy(value => value.Value.ToString(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First().Quality ?? 1, StringComparer.OrdinalIgnoreCase);
        var others = qualities.GetValueOrDefault("*");
        var best = Encodings[..^1].MaxBy(encoding => qualities.GetValueOrDefault(encoding, others))!;
        return qualities.GetValueOrDefault(best, others) > 0 ? best : Identity;
    }

    private static byte[] Encode(byte[] bytes, string encoding)
    {
        if (encoding == Identity)
            return bytes;
        using var target = new MemoryStream();
        using (Stream compressor = encoding == "br"
            ? new BrotliStream(target, CompressionLevel.SmallestSize, leaveOpen: true)
            : new GZipStream(target, CompressionLevel.SmallestSize, leaveOpen: true))
            compressor.Write(bytes);
        return target.ToArray();
    }
}
