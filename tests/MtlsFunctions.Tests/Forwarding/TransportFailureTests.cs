using System.Reflection;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Tests.Forwarding;

public sealed class TransportFailureTests
{
    private static readonly string[] Codes =
        [.. typeof(TransportError).GetFields(BindingFlags.Public | BindingFlags.Static).Select(code => (string)code.GetRawConstantValue()!)];

    [Fact]
    public void Every_code_has_words_of_its_own_in_a_line_and_in_a_sentence()
    {
        Assert.Equal(Codes.Length, Codes.Select(code => TransportFailure.Of(code).Words).Distinct().Count());
        Assert.All(Codes, code =>
        {
            var failure = TransportFailure.Of(code);
            Assert.StartsWith($"https://a.example/?q {code}: ", failure.Line("https://a.example/?q"), StringComparison.Ordinal);
            Assert.Matches($@"^The remote endpoint gave no answer: {code}\. [A-Z].*[^.]\.$", failure.ToFailure().Detail);
            Assert.Equal(code, failure.ToFailure().Members!["transportError"]);
        });
    }

    [Fact]
    public void The_console_knows_every_code()
    {
        var words = File.ReadAllText(Repository.PathOf("src", "MtlsFunctions", "Console", "Assets", "words.js"));
        Assert.All(Codes, code => Assert.Contains($"  '{code}': '", words, StringComparison.Ordinal));
    }

    /// <summary>Names in certificates are the remote's own word.</summary>
    [Fact]
    public void A_line_stays_one_line_of_ASCII()
    {
        var line = new TransportFailure("tls-untrusted", "Zoë\r\nLP-response-origin: upstream" + new string('x', 5000)).Line("https://a.example/");
        Assert.StartsWith("https://a.example/ tls-untrusted: Zo???LP-response", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 1000, 1100);
    }
}
