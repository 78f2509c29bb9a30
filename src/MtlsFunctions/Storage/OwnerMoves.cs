using MtlsFunctions.Authorization;

namespace MtlsFunctions.Storage;

/// <summary>
/// Keys that change hands within one change: two mappings may swap their names, and a transaction may touch a row only once.
/// </summary>
public sealed class OwnerMoves(AccountId account)
{
    private readonly HashSet<string> released = new(StringComparer.Ordinal);
    private readonly List<(string Key, long Owner, Failure Taken)> claimed = [];

    /// <param name="taken">The failure when somebody outside this change owns the new key.</param>
    public void Move(string from, string to, long owner, Failure taken)
    {
        if (from == to)
            return;
        released.Add(from);
        claimed.Add((to, owner, taken));
    }

    public void AddTo(AccountChange change)
    {
        foreach (var (key, owner, taken) in claimed)
        {
            var row = new OwnerRow { PartitionKey = account.Value, RowKey = key, Id = owner };
            if (released.Remove(key))
                change.Overwrite(row);
            else
                change.Insert(row, taken);
        }

        foreach (var key in released)
            change.Delete(account, key);
    }
}
