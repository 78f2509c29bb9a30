using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace MtlsFunctions;

/// <summary>Reads forms within bounds. Each way in which one can be broken is a value, not a surprise.</summary>
public static class RequestForms
{
    /// <param name="limits">What the form may hold.</param>
    /// <param name="maxBytes">Bytes of the whole body, at most.</param>
    /// <returns>The form; or <see cref="FailureKind.RequestInvalid"/>, or <see cref="FailureKind.RequestTooLarge"/>.</returns>
    public static async Task<Outcome<FormCollection>> ReadAsync(HttpRequest request, FormOptions limits, long maxBytes, CancellationToken cancellation)
    {
        if (RequestBodies.Bound(request, maxBytes) is { } tooLarge)
            return tooLarge;
        try
        {
            return (FormCollection)await new FormFeature(request, limits).ReadFormAsync(cancellation);
        }
        catch (InvalidDataException)
        {
            return Refuse($"The form is malformed, or has more than {limits.ValueCountLimit} parts or a part that is too long.");
        }
        catch (NotSupportedException)
        {
            // .NET knows UTF-7 by name and refuses to read it.
            return Refuse("The form's charset is not supported: send UTF-8.");
        }
        catch (IOException fault) when (fault is not ConnectionResetException and not BadHttpRequestException)
        {
            return Refuse("The form ends before it is complete: it was cut off.");
        }
    }

    private static Failure Refuse(string why) => new(FailureKind.RequestInvalid, why);
}
