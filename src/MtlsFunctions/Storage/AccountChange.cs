using Azure.Data.Tables;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Storage;

/// <summary>
/// What one transaction will do to an account's partition. It also moves the account's revision by ETag, so two changes of one
/// account can't both rest on the same state: whatever was read while planning still holds when it is committed.
/// </summary>
public sealed class AccountChange
{
    /// <summary>Rows that one table transaction may touch, the revision row included.</summary>
    public const int MaxRows = 100;

    private readonly List<TableTransactionAction> actions = [];
    private readonly List<Failure?> conflicts = [];

    internal AccountChange(RevisionRow before) => Before = before;

    /// <summary>The revision on which this change rests.</summary>
    public long BaseRevision => Before.Value;

    /// <summary>The revision that the account has after this change.</summary>
    public long Revision => Before.Value + 1;

    /// <summary>Rows that this change touches so far, the revision row included.</summary>
    public int Rows => actions.Count + 1;

    /// <summary>A certificate's renewal goes through even where the account's quota of bytes is used up.</summary>
    public bool IgnoresQuota { get; set; }

    /// <summary>Bytes that the account's rows weigh more after this change; negative for less.</summary>
    internal long Growth { get; private set; }

    internal RevisionRow Before { get; }

    internal IReadOnlyList<TableTransactionAction> Actions => actions;

    /// <param name="taken">The failure when a row with that key exists already.</param>
    public void Insert(Row row, Failure? taken = null)
    {
        Growth += row.Weigh();
        Add(TableTransactionActionType.Add, row, taken);
    }

    /// <summary>Only if the row is still as it was read.</summary>
    /// <param name="weighed">What it weighed when it was read; null where that can't have changed.</param>
    public void Replace(Row row, long? weighed = null)
    {
        if (weighed is { } before)
            Growth += row.Weigh() - before;
        Add(TableTransactionActionType.UpdateReplace, row, null);
    }

    /// <summary>Whatever stands there: for a key that passes from one owner to another in one change.</summary>
    public void Overwrite(Row row) => Add(TableTransactionActionType.UpsertReplace, row, null);

    /// <summary>Only if the row is still as it was read.</summary>
    public void Delete(Row row)
    {
        Growth -= row.Weigh();
        Add(TableTransactionActionType.Delete, row, null);
    }

    /// <summary>Whatever the row holds: a name or key row is as good as its key.</summary>
    /// <param name="weighed">What such a row weighs.</param>
    public void Delete(AccountId account, string rowKey, long weighed = 0)
    {
        Growth -= weighed;
        Add(TableTransactionActionType.Delete, new OwnerRow { PartitionKey = account.Value, RowKey = rowKey, ETag = Azure.ETag.All }, null);
    }

    internal Failure? ConflictAt(int? index) => index is { } at && at >= 0 && at < conflicts.Count ? conflicts[at] : null;

    private void Add(TableTransactionActionType type, Row row, Failure? taken)
    {
        actions.Add(new TableTransactionAction(type, row, row.ETag));
        conflicts.Add(taken);
    }
}
