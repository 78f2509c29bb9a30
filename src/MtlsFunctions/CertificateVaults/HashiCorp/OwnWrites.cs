namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>
/// What this instance has written a moment ago, for reads that a standby answers: it may be behind, and must not contradict us.
/// Real time, whatever clock tokens age by; forgetting too early only means that the reader believes the standby.
/// </summary>
internal sealed class OwnWrites
{
    private const int MaxEntries = 10_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private readonly FairCache<(string, string), OwnWrite> newest = new(MaxEntries);

    /// <returns>Null when nothing was written lately.</returns>
    public OwnWrite? Of(VaultEntry entry) => newest.Find(KeyOf(entry)) is { } write && IsYoung(write.At) ? write : null;

    /// <param name="version">Of this instance or seen: at least this one is there.</param>
    /// <param name="isBounded">The name's own limit of versions is set.</param>
    public void Note(VaultEntry entry, long version, bool isBounded) =>
        newest.Set(KeyOf(entry), entry.Account.Value, new OwnWrite(version, isBounded, TimeProvider.System.GetUtcNow()));

    public void NoteDeleted(VaultEntry entry) => Note(entry, version: 0, isBounded: false);

    public void Forget(VaultEntry entry) => newest.Remove(KeyOf(entry));

    /// <summary>Whether somebody stored the version so lately that a standby may not know it yet.</summary>
    public bool IsYoung(VaultEntry entry, long version) =>
        Of(entry)?.Version >= version || (entry.StoredAt is { } stored && IsYoung(stored));

    private static bool IsYoung(DateTimeOffset at) => TimeProvider.System.GetUtcNow() - at < KeptFor;

    private static (string, string) KeyOf(VaultEntry entry) => (entry.Account.Value, entry.Name);
}

/// <param name="Version">0: the entry was deleted. Its name is used once, so nobody else has stored it anew.</param>
/// <param name="At">When it was noted; nothing for one that stands for none.</param>
internal sealed record OwnWrite(long Version, bool IsBounded, DateTimeOffset At = default)
{
    public bool IsDeletion => Version == 0;
}
