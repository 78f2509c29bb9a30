namespace MtlsFunctions.Tests;

/// <summary>The files of this repository, for tests of what stands in them.</summary>
public static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory)).FullName;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static DirectoryInfo Find(DirectoryInfo from) =>
        File.Exists(Path.Combine(from.FullName, "MtlsFunctions.sln"))
            ? from
            : Find(from.Parent ?? throw new InvalidOperationException("The tests run outside of their repository."));
}
