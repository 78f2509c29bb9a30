using System.Globalization;

namespace MtlsFunctions.Storage;

/// <summary>One management action. Written once, never changed.</summary>
public sealed class AuditRow : Row
{
    public DateTimeOffset When { get; set; }

    /// <summary>User, client or app key.</summary>
    public string Who { get; set; } = "";

    /// <summary>Noun and verb: <c>certificate.create</c>.</summary>
    public string Action { get; set; } = "";

    /// <summary>What it touched, separated by spaces: <c>certificate/4711</c>.</summary>
    public string Objects { get; set; } = "";

    /// <summary>The HTTP status of its answer.</summary>
    public int Status { get; set; }

    /// <summary>The calling address.</summary>
    public string From { get; set; } = "";

    /// <summary>Sorts by time, to the tick; the rest keeps two at once apart.</summary>
    public static string NewKey(DateTimeOffset when) => $"{KeyAt(when)}-{Guid.NewGuid():N}";

    /// <summary>Below every key of that time, above every earlier one.</summary>
    public static string KeyAt(DateTimeOffset when) =>
        string.Create(CultureInfo.InvariantCulture, $"{RowKinds.Audit}_{when.UtcTicks:D19}");
}
