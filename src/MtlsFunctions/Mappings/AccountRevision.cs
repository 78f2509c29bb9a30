using System.Globalization;

namespace MtlsFunctions.Mappings;

/// <summary>The header that tells an account's revision, so that a client can make its next change conditional on it.</summary>
public static class AccountRevision
{
    public const string Header = "ac-revision";

    public static void Tell(HttpRequest request, long revision) =>
        request.HttpContext.Response.Headers[Header] = revision.ToString(CultureInfo.InvariantCulture);
}
