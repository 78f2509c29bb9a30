using System.Globalization;
using System.Text.RegularExpressions;

namespace MtlsFunctions.Storage;

/// <summary>One management action. Written once, never changed.</summary>
public sealed partial class AuditRow : Row
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

    /// <summary>What to tell a reader who goes on after this row: not the key, which says how rows are stored.</summary>
    public string ToCursor() => RowKey[(RowKinds.Audit.Length + 1)..];

    /// <returns>Above the key of the row that gave the cursor, below every later one; null for what no row can have given.</returns>
    public static string? KeyAfter(string cursor) => Cursor().IsMatch(cursor) ? $"{RowKinds.Audit}_{cursor}~" : null;

    [GeneratedRegex(@"\A[0-9]{19}-[0-9a-f]{32}\z")]
    private static partial Regex Cursor();
}
