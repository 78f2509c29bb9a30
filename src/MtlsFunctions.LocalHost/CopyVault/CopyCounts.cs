namespace MtlsFunctions.LocalHost.CopyVault;

/// <summary>What a copy has done so far; several entries are under way at once.</summary>
public sealed class CopyCounts
{
    private int rows;
    private int copied;
    private int already;
    private int failed;

    /// <summary>Rows of the source that stand in the target now.</summary>
    public int Rows => rows;

    /// <summary>Versions that were stored and verified.</summary>
    public int Copied => copied;

    /// <summary>Versions that an earlier run had stored; verified again.</summary>
    public int Already => already;

    /// <summary>Versions that are not in the target as they are in the source.</summary>
    public int Failed => failed;

    /// <summary>Rows that only the target has.</summary>
    public int Foreign { get; set; }

    public bool IsComplete => failed == 0 && Foreign == 0;

    public void AddRow() => Interlocked.Increment(ref rows);

    public void AddCopied() => Interlocked.Increment(ref copied);

    public void AddAlready() => Interlocked.Increment(ref already);

    public void AddFailed() => Interlocked.Increment(ref failed);
}
