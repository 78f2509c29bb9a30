using Azure;
using Azure.Data.Tables;

namespace MtlsFunctions.Storage;

/// <summary>What every row has.</summary>
public abstract class Row : ITableEntity
{
    /// <summary>The account.</summary>
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    /// <summary>Empty until the row is stored.</summary>
    public ETag ETag { get; set; }

    /// <summary>What it counts for in its account's quota, in bytes: its texts, and something for what every row costs. 0: it is bounded otherwise.</summary>
    public virtual long Weigh() => 0;

    private protected static long WeighTexts(params ReadOnlySpan<string?> texts)
    {
        var bytes = 0L;
        foreach (var text in texts)
            bytes += (text?.Length ?? 0) * sizeof(char);
        return bytes;
    }
}

/// <summary>A row that keeps a name or a key unique, and says whose it is.</summary>
public sealed class OwnerRow : Row
{
    public long Id { get; set; }
}

/// <summary>One per account: counts its changes. Forwards rest on it, see <c>RuntimeView</c>.</summary>
public sealed class RevisionRow : Row
{
    public long Value { get; set; }

    /// <summary>What the account's rows weigh together, see <see cref="Row.Weigh"/>.</summary>
    public long Bytes { get; set; }
}
