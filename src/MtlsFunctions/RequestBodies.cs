using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace MtlsFunctions;

/// <summary>Reads request bodies within bounds. Bodies of the configuration methods are small: what is larger is refused unread.</summary>
public static class RequestBodies
{
    /// <summary>Bytes of a JSON or multipart body of any configuration method, at most.</summary>
    public const long MaxBytes = 1024 * 1024;

    /// <returns>The value, or <see cref="FailureKind.RequestInvalid"/> saying where the JSON breaks.</returns>
    public static async Task<Outcome<T>> ReadJsonAsync<T>(HttpRequest request, CancellationToken cancellation)
    {
        if (Bound(request, MaxBytes) is { } tooLarge)
            return tooLarge;
        try
        {
            var value = await JsonSerializer.DeserializeAsync<T>(request.Body, Answers.Json, cancellation);
            return value is null ? new Failure(FailureKind.RequestInvalid, "The body is the JSON value null.") : value;
        }
        catch (JsonException fault)
        {
            return Broken(fault);
        }
    }

    /// <summary>The serializer's own message can quote what was submitted, so only the place is told.</summary>
    public static Failure Broken(JsonException fault) =>
        new(FailureKind.RequestInvalid, $"The JSON is broken or has a value of the wrong type at {fault.Path ?? "$"}, line {(fault.LineNumber ?? 0) + 1}.");

    /// <summary>Lowers the limit of this request; a longer announced body is refused at once, a longer unannounced one while it is read.</summary>
    public static Failure? Bound(HttpRequest request, long bytes)
    {
        if (request.ContentLength > bytes)
            return TooLarge();
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = bytes;
        return null;
    }

    /// <returns>What the caller did wrong, when this broke while the body was read; null when it isn't the caller's doing.</returns>
    public static Failure? Explain(Exception fault) => fault switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(),
        // The last is how Kestrel reports a chunk size that overflows.
        BadHttpRequestException or ConnectionResetException or IOException { InnerException: OverflowException } =>
            new Failure(FailureKind.RequestInvalid, "The request body ended before it was complete, or is not valid HTTP."),
        _ => null,
    };

    public static Failure TooLarge() => new(FailureKind.RequestTooLarge, "Send less: the limit of this method is in the documentation.");
}
