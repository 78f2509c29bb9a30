namespace MtlsFunctions.Tests;

/// <summary>Files of this repository that are made from others. A test says when one is stale; the same test makes it anew.</summary>
public static class Generated
{
    private const string Switch = "UPDATE_GENERATED";

    /// <summary>Fails when the file isn't <paramref name="expected"/>; with UPDATE_GENERATED=1 it writes that instead.</summary>
    public static void AssertFresh(string path, string expected)
    {
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            File.WriteAllText(path, expected);
        var found = File.Exists(path) ? File.ReadAllText(path) : "";
        if (found == expected)
            return;
        var at = found.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.Fail($"""
            {Path.GetRelativePath(Repository.Root, path)} is stale from line {expected.AsSpan(0, at).Count('\n') + 1} on. Run
              {Switch}=1 dotnet test MtlsFunctions.sln
            and look at what has changed before you commit it.
            Expected: {Excerpt(expected, at)}
            Found:    {Excerpt(found, at)}
            """);
    }

    private static string Excerpt(string text, int at) => at < text.Length ? text[at..Math.Min(text.Length, at + 120)].Replace('\n', ' ') : "(its end)";
}
