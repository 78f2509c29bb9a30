using MtlsFunctions.LocalHost;

namespace MtlsFunctions.Tests.LocalHost;

public sealed class FlagsTests
{
    [Fact]
    public void Every_flag_is_understood()
    {
        Assert.Equal(new Flags(false, false, null, null, null), Flags.Parse([]));
        Assert.Equal(
            new Flags(true, true, "http://127.0.0.1:1", null, Path.GetFullPath("s.json")),
            Flags.Parse(["walkthrough", "--ephemeral", "--urls", "http://127.0.0.1:1", "--session", "s.json"]));
        Assert.Equal(Path.GetFullPath("kept"), Flags.Parse(["--data", "kept"]).Data);
    }

    [Theory]
    [InlineData("--what")]
    [InlineData("--urls")]
    [InlineData("--ephemeral", "--data", "x")]
    public void What_makes_no_sense_is_refused(params string[] arguments) =>
        Assert.Throws<LocalHostException>(() => Flags.Parse(arguments));
}
