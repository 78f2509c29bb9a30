using System.Net.Http.Headers;
using Azure;
using Azure.Identity;

namespace MtlsFunctions.CertificateVaults.KeyVault;

/// <summary>The SDK reports trouble in many shapes, depending on where it struck and how often it was tried; here it becomes one of three.</summary>
internal static class KeyVaultFailures
{
    public static Failure Of(Exception fault) => fault switch
    {
        // One for each try; the last one is the freshest.
        AggregateException tries => Of(tries.InnerExceptions[^1]),
        RequestFailedException { Status: StatusCodes.Status404NotFound } => Missing(),
        RequestFailedException { Status: 0 or StatusCodes.Status408RequestTimeout or StatusCodes.Status409Conflict or StatusCodes.Status429TooManyRequests or >= 500 } failed =>
            Unavailable(failed.GetRawResponse() is { } response ? RetryAfter(response) : null),
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
    public static bool IsSoftDeleted(RequestFailedException conflict) =>
        conflict.GetRawResponse()?.Content.ToString().Contains("ObjectIsDeletedButRecoverable", StringComparison.Ordinal) == true;

    private static Failure Unavailable(TimeSpan? retryAfter) =>
        new(FailureKind.VaultUnavailable, "Try again in a moment; an operator finds the cause in the log.") { RetryAfter = retryAfter };

    private static Failure Refused() =>
        new(FailureKind.VaultRefused, "An operator must give the app the rights that it needs in the vault; the log says what was refused.");
}
