using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace MtlsFunctions.Certificates;

/// <summary>Reads the multipart form of the by-file methods and the tester. Kept in memory, never on disk.</summary>
public static class CertificateForm
{
    private const int MaxParts = 16;
    private const int MaxText = 64 * 1024;

    /// <summary>Parts <c>file</c>, <c>password</c> and, in its older form, <c>body</c> and <c>trustedCa</c>: the tester's form.</summary>
    public static async Task<Outcome<SubmittedCertificate>> ReadTestAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!(await ReadFormAsync(request, ["file", "password", "body", "trustedCa"], cancellation)).TryGet(out var form, out var failure))
            return failure;
        if (!(await FileAsync(form, cancellation)).TryGet(out var pkcs12, out failure))
            return failure;
        if (!(await TextAsync(form, "password", cancellation)).TryGet(out var password, out failure))
            return failure;
        if (!(await FindTextAsync(form, "body", cancellation)).TryGet(out var body, out failure))
            return failure;
        return (await FindTextAsync(form, "trustedCa", cancellation)).TryGet(out var trustedCa, out failure)
            ? new SubmittedCertificate { P12 = pkcs12, Password = password, Body = body, TrustedCa = trustedCa }
            : failure;
    }

    /// <summary>Parts <c>file</c> and <c>certificate</c>, which is JSON; an update once called it <c>body</c>.</summary>
    public static async Task<Outcome<SubmittedCertificate>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!(await ReadFormAsync(request, ["file", "certificate", "body"], cancellation)).TryGet(out var form, out var failure))
            return failure;
        if (!(await FileAsync(form, cancellation)).TryGet(out var pkcs12, out failure))
            return failure;
        if (Has(form, "certificate") && Has(form, "body"))
            return new Failure(FailureKind.RequestInvalid, "'body' is an older name of the form part 'certificate': send one of them.");
        if (!(await TextAsync(form, Has(form, "body") ? "body" : "certificate", cancellation)).TryGet(out var json, out failure))
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

    private static async Task<Outcome<FormCollection>> ReadFormAsync(HttpRequest request, string[] known, CancellationToken cancellation)
    {
        if (!request.HasFormContentType)
            return new Failure(FailureKind.RequestInvalid, "Send multipart/form-data (curl -F).");
        var limits = new FormOptions
        {
            // Above the body's own limit, so that no key ever reaches a temporary file.
            MemoryBufferThreshold = (int)RequestBodies.MaxBytes + 1,
            MultipartBodyLengthLimit = RequestBodies.MaxBytes,
            ValueCountLimit = MaxParts,
            KeyLengthLimit = Names.MaxLength,
        };
        if (!(await RequestForms.ReadAsync(request, limits, RequestBodies.MaxBytes, cancellation)).TryGet(out var form, out var failure))
            return failure;
        return RefuseParts(form, known) is { } refused ? refused : form;
    }

    // What is sent twice or under another name was meant to count, and can't.
    private static Failure? RefuseParts(FormCollection form, string[] known)
    {
        var names = form.SelectMany(field => field.Value.Select(_ => field.Key)).Concat(form.Files.Select(file => file.Name)).ToArray();
        if (!names.All(name => known.Contains(name, StringComparer.OrdinalIgnoreCase)))
            return new Failure(FailureKind.RequestInvalid, $"The form has a part that this method doesn't know. Its parts are: {string.Join(", ", known)}.");
        return names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < names.Length
            ? new Failure(FailureKind.RequestInvalid, "The form has a part twice: send each once.")
            : null;
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

    private static async Task<Outcome<string>> TextAsync(FormCollection form, string name, CancellationToken cancellation) =>
        (await FindTextAsync(form, name, cancellation)).TryGet(out var text, out var failure)
            ? text ?? (Outcome<string>)new Failure(FailureKind.RequestInvalid, $"Exactly one form part '{name}' is needed.")
            : failure;

    // A client may send a text part with a file name, so that it arrives as a file.
    private static async Task<Outcome<string?>> FindTextAsync(FormCollection form, string name, CancellationToken cancellation)
    {
        var text = form[name] is [{ } field] ? field : null;
        if (form.Files.GetFile(name) is { } file)
        {
            using var reader = new StreamReader(file.OpenReadStream());
            text = await reader.ReadToEndAsync(cancellation);
        }

        return text?.Length > MaxText ? new Failure(FailureKind.RequestInvalid, $"The form part '{name}' may have {MaxText} characters.") : text;
    }

    private static bool Has(FormCollection form, string name) => form.ContainsKey(name) || form.Files.GetFile(name) is not null;
}
