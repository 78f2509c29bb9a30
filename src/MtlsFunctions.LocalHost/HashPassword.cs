using MtlsFunctions.Accounts;

namespace MtlsFunctions.LocalHost;

/// <summary>The verb <c>hash-password</c>: from standard input, because arguments stand in process lists and shell histories.</summary>
public static class HashPassword
{
    public static int Run(TextReader input, TextWriter output)
    {
        if (input.ReadLine() is not { Length: > 0 } password)
            throw new LocalHostException("Give the password on standard input, in one line.");
        output.WriteLine(Secrets.Hash(password));
        return 0;
    }
}
