namespace MtlsFunctions.LocalHost;

/// <summary>The command line.</summary>
/// <param name="Urls">Where the gateway listens; null for the default.</param>
/// <param name="Data">The data folder; null for the default.</param>
/// <param name="Session">Where session.json goes; null for the data folder.</param>
public sealed record Flags(bool Walkthrough, bool Ephemeral, string? Urls, string? Data, string? Session)
{
    public const string Usage = """
        dotnet run --project src/MtlsFunctions.LocalHost [-- [walkthrough] [flags]]

          hash-password     read a password from standard input, print its hash for the settings
          copy-vault <from> <to>
                            copy a table and its vault into others, as two settings files name them
          walkthrough       go through the onboarding over HTTP, print each request, then end
          --urls <url>      where the gateway listens            (http://127.0.0.1:7071)
          --data <folder>   where everything is kept              (.local)
          --ephemeral       keep nothing, use free ports: several can run side by side
          --session <file>  where session.json goes               (session.json in the data folder)
          --help            show this
        """;

    public static bool AskForHelp(IReadOnlyList<string> arguments) => arguments.Any(argument => argument is "--help" or "-h" or "-?") || arguments is ["help"];

    /// <exception cref="LocalHostException">A flag that doesn't exist, or lacks its value.</exception>
    public static Flags Parse(IReadOnlyList<string> arguments)
    {
        var flags = new Flags(false, false, null, null, null);
        for (var at = 0; at < arguments.Count; at++)
        {
            flags = arguments[at] switch
            {
                "walkthrough" => flags with { Walkthrough = true },
                "--ephemeral" => flags with { Ephemeral = true },
                "--urls" => flags with { Urls = Value(arguments, ref at) },
                "--data" => flags with { Data = Path.GetFullPath(Value(arguments, ref at)) },
                "--session" => flags with { Session = Path.GetFullPath(Value(arguments, ref at)) },
                var unknown => throw new LocalHostException($"Unknown argument '{unknown}'.\n\n{Usage}"),
            };
        }

        return flags is { Ephemeral: true, Data: not null }
            ? throw new LocalHostException("--ephemeral keeps nothing and --data keeps everything: choose one.")
            : flags;
    }

    private static string Value(IReadOnlyList<string> arguments, ref int at) =>
        ++at < arguments.Count ? arguments[at] : throw new LocalHostException($"{arguments[at - 1]} needs a value.\n\n{Usage}");
}
