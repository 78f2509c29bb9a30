using System.Net.Http.Headers;
using System.Text.Json;
using Azure;
using Azure.Identity;

namespace MtlsFunctions.CertificateVaults.KeyVault;

/// <summary>The SDK reports trouble in many shapes, depending on where it struck and how often it was tried; here it becomes one of four.</summary>
internal static class KeyVaultFailures
{
    public static Failure Of(Exception fault) => fault switch
    {
        // One for each try; the last one is the freshest.
        AggregateException tries => Of(tries.InnerExceptions[^1]),
        RequestFailedException { Status: StatusCodes.Status404NotFound } => Missing(),
        RequestFailedException { Status: 0 or StatusCodes.Status408RequestTimeout or StatusCodes.Status409Conflict or StatusCodes.Status429TooManyRequests or >= 500 } failed =>
            Unavailable(failed.GetRawResponse() is { } response ? RetryAfter(response) : null),
        // Of an import: it never means a missing right.
        RequestFailedException { Status: StatusCodes.Status400BadRequest } => Unsuitable(),
        RequestFailedException { Status: StatusCodes.Status403Forbidden } denied when InnerCode(denied) == "SecretDisabled" => Disabled(),
        RequestFailedException or CredentialUnavailableException => Refused(),
        _ => Unavailable(retryAfter: null),
    };

    public static Failure Missing() =>
        new(FailureKind.VaultEntryMissing, "Upload the certificate again: its key is no longer in the vault.");

    /// <returns>How long the server asks to wait; null when it doesn't say.</returns>
    public static TimeSpan? RetryAfter(Response response) =>
        response.Headers.TryGetValue("Retry-After", out var text) && RetryConditionHeaderValue.TryParse(text, out var asked)
            ? asked.Delta ?? asked.Date - response.Headers.Date
            : null;

    /// <summary>The name is reserved by a deleted entry. Only an inner code tells this conflict from others, and the SDK doesn't read it.</summary>
    public static bool IsSoftDeleted(RequestFailedException conflict) => InnerCode(conflict) == "ObjectIsDeletedButRecoverable";

    /// <summary>The cause in one line, without stack and headers.</summary>
    public static string Describe(Exception fault) => fault switch
    {
        AggregateException tries => Describe(tries.InnerExceptions[^1]),
        RequestFailedException { Status: > 0 } failed => $"{failed.Status} {failed.ErrorCode} {InnerCode(failed)}: {FirstLine(failed)}",
        _ => $"{fault.GetType().Name}: {FirstLine(fault)}",
    };

    private static string FirstLine(Exception fault) => fault.Message.AsSpan().Trim().ToString().Split('\n')[0].TrimEnd();

    private static string? InnerCode(RequestFailedException failed)
    {
        try
        {
            using var json = JsonDocument.Parse(failed.GetRawResponse()?.Content.ToMemory() ?? default);
            return json.RootElement.GetProperty("error").GetProperty("innererror").GetProperty("code").GetString();
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Not an error of the service's own, or one without an inner code.
            return null;
        }
    }

    private static Failure Unavailable(TimeSpan? retryAfter) =>
        new(FailureKind.VaultUnavailable, "Try again in a moment; an operator finds the cause in the log.") { RetryAfter = retryAfter };

    private static Failure Unsuitable() => new(
        FailureKind.VaultRefused, "Key Vault doesn't take this certificate or the policy that goes with it, which is no matter of rights; the log has its words.");

    private static Failure Disabled() => new(
        FailureKind.VaultEntryDisabled, "An operator has disabled this certificate in the vault: have it enabled there, or upload it again.");

    private static Failure Refused() =>
        new(FailureKind.VaultRefused, "An operator must give the app the rights that it needs in the vault; the log says what was refused.");
}
