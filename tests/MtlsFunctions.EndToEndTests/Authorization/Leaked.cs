using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>Looks for secrets where they must not be.</summary>
public static class Leaked
{
    // Shorter parts, such as the signature that "none" leaves empty, are everywhere.
    private const int ShortestPart = 16;

    /// <summary>Fails the test if claims, signature or the whole of the token stand in the answer or in any log line of any level.</summary>
    public static void Nowhere(string token, Answer answer, CapturedLog log)
    {
        var parts = token.Split('.').Skip(1).Append(token).Where(part => part.Length >= ShortestPart);
        var said = string.Join('\n', answer.Headers.Select(header => $"{header.Key}: {header.Value}").Append(answer.Text));
        foreach (var part in parts)
        {
            Assert.DoesNotContain(part, said, StringComparison.Ordinal);
            NotLogged(part, log);
        }
    }

    public static void NotLogged(string secret, CapturedLog log) =>
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains(secret, StringComparison.OrdinalIgnoreCase));
}
