using System.Globalization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Mappings;

/// <summary>The headers by which a client makes its change conditional on the state that it has read.</summary>
public static class AccountRevision
{
    public const string Header = "ac-revision";

    public static void Tell(HttpRequest request, long revision) =>
        request.HttpContext.Response.Headers[Header] = revision.ToString(CultureInfo.InvariantCulture);

    /// <returns>The revision in <c>If-Match</c>, quoted or not; null without the header or with <c>*</c>.</returns>
    public static Outcome<long?> Expected(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0 || header is ["*"])
            return (long?)null;
        return header is [{ } text] && long.TryParse(text.Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? (long?)revision
            : new Failure(FailureKind.RequestInvalid, $"If-Match must hold one revision, as the header {Header} told it.");
    }

    /// <returns>The failure of a change that was made for an older state; null when it may go on.</returns>
    public static Failure? Refuse(long? expected, AccountChange change) =>
        expected is null || expected == change.BaseRevision
            ? null
            : new Failure(FailureKind.RevisionStale, $"The account is at revision {change.BaseRevision}, not {expected}: read it again, then repeat the change.");
}
