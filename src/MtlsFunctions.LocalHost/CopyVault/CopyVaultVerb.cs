using Azure;

namespace MtlsFunctions.LocalHost.CopyVault;

/// <summary>The verb <c>copy-vault</c>: two settings files, each with a table and its vault.</summary>
public static class CopyVaultVerb
{
    /// <param name="files">Source and target, each like local.settings.json.</param>
    /// <param name="say">Takes lines for the person who waits.</param>
    /// <returns>0 when everything is in the target and was verified there, otherwise 1.</returns>
    /// <exception cref="LocalHostException">A file or a setting is wrong, or a table can't be reached.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> files, Action<string> say, CancellationToken cancellation)
    {
        if (files.Count != 2)
            throw new LocalHostException("copy-vault needs two settings files, source and target.");
        if (files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
            throw new LocalHostException($"{missing} doesn't exist.");
        await using var from = VaultSide.Open(LocalSettings.ReadFileOnly(files[0]));
        await using var to = VaultSide.Open(LocalSettings.ReadFileOnly(files[1]));
        return await RunAsync(from, to, say, cancellation);
    }

    public static async Task<int> RunAsync(VaultSide from, VaultSide to, Action<string> say, CancellationToken cancellation)
    {
        try
        {
            var counts = await new VaultCopy(from, to, say).RunAsync(cancellation);
            say($"{counts.Rows} rows; versions: {counts.Copied} copied, {counts.Already} there already, {counts.Failed} failed.");
            if (counts.Foreign > 0)
                say($"{counts.Foreign} rows stand in the target only: copy into an empty table, or one that only this copy has written to.");
            say(counts.IsComplete ? "Complete: every version was loaded from the target." : "Not complete. Mend what is named and repeat: what is copied stays.");
            return counts.IsComplete ? 0 : 1;
        }
        catch (Exception fault) when (fault is RequestFailedException or AggregateException)
        {
            throw new LocalHostException($"A table can't be reached ({fault.GetType().Name}). Mend it and repeat: what is copied stays.");
        }
    }
}
