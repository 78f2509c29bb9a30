using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using MtlsFunctions.Certificates.Pkcs12;

namespace MtlsFunctions.Certificates;

/// <summary>The multipart form of the by-file methods and the tester: a p12 and what goes with it. Kept in memory, never on disk.</summary>
public sealed record CertificateUpload(byte[] File, string? Password, string? Name, string? DisplayName)
{
    private const int MaxParts = 16;
    private const int MaxText = 64 * 1024;

    /// <summary>Parts <c>file</c> and <c>password</c>: the tester's form.</summary>
    public static async Task<Outcome<CertificateUpload>> ReadTestAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!(await ReadFormAsync(request, cancellation)).TryGet(out var form, out var failure))
            return failure;
        if (!(await FileAsync(form, cancellation)).TryGet(out var pkcs12, out failure))
            return failure;
        if (!(await TextAsync(form, "password", cancellation)).TryGet(out var password, out failure))
            return failure;
        return new CertificateUpload(pkcs12, password, null, null);
    }

    /// <summary>Parts <c>file</c> and <c>certificate</c>, which is JSON: the form of create.</summary>
    public static async Task<Outcome<CertificateUpload>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!(await ReadFormAsync(request, cancellation)).TryGet(out var form, out var failure))
            return failure;
        if (!(await FileAsync(form, cancellation)).TryGet(out var pkcs12, out failure))
            return failure;
        if (!(await TextAsync(form, "certificate", cancellation)).TryGet(out var json, out failure))
            return failure;
        try
        {
            return JsonSerializer.Deserialize<Description>(json, Answers.Json) is { } described
                ? new CertificateUpload(pkcs12, described.Password, described.Name, described.DisplayName)
                : new Failure(FailureKind.RequestInvalid, "The form part 'certificate' is the JSON value null.");
        }
        catch (JsonException fault)
        {
            return new Failure(FailureKind.RequestInvalid, $"Form part 'certificate': {RequestBodies.Broken(fault).Detail}");
        }
    }

    private static async Task<Outcome<FormCollection>> ReadFormAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!request.HasFormContentType)
            return new Failure(FailureKind.RequestInvalid, "Send multipart/form-data (curl -F).");
        if (RequestBodies.Bound(request, RequestBodies.MaxBytes) is { } tooLarge)
            return tooLarge;
        var limits = new FormOptions
        {
            // Above the body's own limit, so that no key ever reaches a temporary file.
            MemoryBufferThreshold = (int)RequestBodies.MaxBytes + 1,
            MultipartBodyLengthLimit = RequestBodies.MaxBytes,
            ValueLengthLimit = MaxText,
            ValueCountLimit = MaxParts,
            KeyLengthLimit = Names.MaxLength,
        };
        try
        {
            return (FormCollection)await new FormFeature(request, limits).ReadFormAsync(cancellation);
        }
        catch (InvalidDataException)
        {
            return new Failure(FailureKind.RequestInvalid, $"The form is malformed, or has more than {MaxParts} parts or a part that is too long.");
        }
        catch (IOException fault) when (fault is not ConnectionResetException and not BadHttpRequestException)
        {
            return new Failure(FailureKind.RequestInvalid, "The form ends before its last boundary: it was cut off.");
        }
    }

    private static async Task<Outcome<byte[]>> FileAsync(FormCollection form, CancellationToken cancellation)
    {
        if (form.Files.GetFiles("file") is not [var file])
            return new Failure(FailureKind.RequestInvalid, "Exactly one form part 'file' is needed: the p12, sent as a file (curl -F file=@client.p12).");
        if (file.Length > Pkcs12File.MaxBytes)
            return Pkcs12File.TooLarge(file.Length);
        var bytes = new byte[file.Length];
        await using var content = file.OpenReadStream();
        await content.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    // A client may send a text part with a file name, so that it arrives as a file.
    private static async Task<Outcome<string>> TextAsync(FormCollection form, string part, CancellationToken cancellation)
    {
        if (form[part] is [{ } text])
            return text;
        if (form.Files.GetFiles(part) is not [{ Length: <= MaxText } file])
            return new Failure(FailureKind.RequestInvalid, $"Exactly one form part '{part}' is needed.");
        using var reader = new StreamReader(file.OpenReadStream());
        return await reader.ReadToEndAsync(cancellation);
    }

    private sealed record Description(string? Name, string? Password, string? DisplayName);
}
