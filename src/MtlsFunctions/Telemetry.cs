using System.Diagnostics;

namespace MtlsFunctions;

/// <summary>The names under which the product measures itself: one meter, one activity source. Alerts are written against them.</summary>
public static class Telemetry
{
    /// <summary>Of the meter and of the activity source.</summary>
    public const string Name = "MtlsFunctions";

    /// <summary>Histogram: days until a certificate expires, negative afterwards; recorded whenever an instance looks at one.</summary>
    public const string DaysToExpiry = "mtls.certificate.days_to_expiry";

    /// <summary>Attribute: the account.</summary>
    public const string Account = "mtls.account.id";

    /// <summary>Attribute: the certificate's id.</summary>
    public const string Certificate = "mtls.certificate.id";

    /// <summary>Attribute: what came of a look into something that remembers, such as <c>hit</c> and <c>miss</c>.</summary>
    public const string Result = "mtls.result";

    /// <summary>Attribute: the kind of a failure, from a closed list; absent where there was none.</summary>
    public const string Error = "error.type";

    public static readonly ActivitySource Activities = new(Name);
}
