namespace MtlsFunctions.CertificateVaults.Local;

/// <summary>Files that only the owner may read (0600 in folders of 0700), written so that a crash leaves the whole file or none.</summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnerOnlyFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Folders above it that are missing become private too; .NET would give the mode to the last one only.</summary>
    public static DirectoryInfo CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return Directory.CreateDirectory(path);
        if (Path.GetDirectoryName(path) is { Length: > 0 } above && !Directory.Exists(above))
            CreateFolder(above);
        return Directory.CreateDirectory(path, OwnerOnlyFolder);
    }

    /// <summary>
    /// Writers of one path compete for its temporary file, which only one can create; a move that doesn't overwrite would not do,
    /// because .NET looks and then renames. A temporary file that a crash left behind makes its path unusable, so paths must be many.
    /// </summary>
    /// <returns>False, and nothing written, when the file exists already or somebody else is writing it.</returns>
    public static async Task<bool> TryWriteNewAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var temporary = $"{path}.tmp";
        FileStream file;
        try
        {
            file = Create(temporary);
        }
        catch (IOException) when (File.Exists(temporary) || File.Exists(path))
        {
            return false;
        }

        try
        {
            await using (file)
            {
                if (File.Exists(path))
                    return false;
                await WriteAsync(file, content, cancellation);
            }

            File.Move(temporary, path, overwrite: true);
            return true;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes or replaces the file in one step: readers see the old content or the new.</summary>
    public static async Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        await using (var file = Create(temporary))
            await WriteAsync(file, content, cancellation);
        File.Move(temporary, path, overwrite: true);
    }

    private static async Task WriteAsync(FileStream file, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        await file.WriteAsync(content, cancellation);
        file.Flush(flushToDisk: true);
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnlyFile;
        return new FileStream(path, options);
    }
}
