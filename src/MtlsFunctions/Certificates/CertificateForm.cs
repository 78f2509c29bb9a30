using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace MtlsFunctions.Certificates;

/// <summary>Reads the multipart form of the by-file methods and the tester. Kept in memory, never on disk.</summary>
public static class CertificateForm
{
    private const int MaxParts = 16;
    private const int MaxText = 64 * 1024;

    /// <summary>Parts <c>file</c>, <c>password</c> and, in its older form, <c>body</c>: the tester's form.</summary>
    public static async Task<Outcome<SubmittedCertificate>> ReadTestAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!(await ReadFormAsync(request, cancellation)).TryGet(out var form, out var failure))
            return failure;
        if (!(await FileAsync(form, cancellation)).TryGet(out var pkcs12, out failure))
            return failure;
        return (await TextAsync(form, cancellation, "password")).TryGet(out var password, out failure)
            ? new SubmittedCertificate { P12 = pkcs12, Password = password, Body = form["body"] is [{ } body] ? body : null }
            : failure;
    }

    /// <summary>Parts <c>file</c> and <c>certificate</c>, which is JSON; an update once called it <c>body</c>.</summary>
    public static async Task<Outcome<SubmittedCertificate>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!(await ReadFormAsync(request, cancellation)).TryGet(out var form, out var failure))
            return failure;
        if (!(await FileAsync(form, cancellation)).TryGet(out var pkcs12, out failure))
            return failure;
        if (!(await TextAsync(form, cancellation, "certificate", "body")).TryGet(out var json, out failure))
            return failure;
        try
        {
            return JsonSerializer.Deserialize<SubmittedCertificate>(json, Answers.Json) is { } described
                ? described with { P12 = pkcs12 }
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
        var limits = new FormOptions
        {
            // Above the body's own limit, so that no key ever reaches a temporary file.
            MemoryBufferThreshold = (int)RequestBodies.MaxBytes + 1,
            MultipartBodyLengthLimit = RequestBodies.MaxBytes,
            ValueLengthLimit = MaxText,
            ValueCountLimit = MaxParts,
            KeyLengthLimit = Names.MaxLength,
        };
        return await RequestForms.ReadAsync(request, limits, RequestBodies.MaxBytes, cancellation);
    }

    private static async Task<Outcome<byte[]>> FileAsync(FormCollection form, CancellationToken cancellation)
    {
        if (form.Files.GetFiles("file") is not [var file])
            return new Failure(FailureKind.RequestInvalid, "Exactly one form part 'file' is needed: the p12, sent as a file (curl -F file=@client.p12).");
        var bytes = new byte[file.Length];
        await using var content = file.OpenReadStream();
        await content.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    // A client may send a text part with a file name, so that it arrives as a file.
    private static async Task<Outcome<string>> TextAsync(FormCollection form, CancellationToken cancellation, params string[] names)
    {
        foreach (var name in names)
        {
            if (form[name] is [{ } text])
                return text;
            if (form.Files.GetFiles(name) is not [{ Length: <= MaxText } file])
                continue;
            using var reader = new StreamReader(file.OpenReadStream());
            return await reader.ReadToEndAsync(cancellation);
        }

        return new Failure(FailureKind.RequestInvalid, $"Exactly one form part '{names[0]}' is needed.");
    }
}
