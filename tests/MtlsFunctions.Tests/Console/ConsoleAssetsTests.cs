using Microsoft.Extensions.Primitives;
using MtlsFunctions.SelfService;

namespace MtlsFunctions.Tests.SelfService;

/// <summary>The console's files, as they are built in.</summary>
public sealed class ConsoleAssetsTests
{
    private const int MostBytes = 150_000;
    private const int MostLines = 250;

    private static readonly ConsoleAssets Assets = new();

    [Fact]
    public void All_files_together_are_small() => Assert.InRange(ConsoleAssets.Names.Sum(name => ConsoleAssets.Read(name).Length), 1, MostBytes);

    [Fact]
    public void No_file_of_ours_is_longer_than_250_lines() => Assert.All(
        ConsoleAssets.Names.Where(name => !name.StartsWith("lit-html", StringComparison.Ordinal)),
        name => Assert.InRange(Text(name).Split('\n').Length, 1, MostLines));

    [Fact]
    public void The_page_has_one_inline_script_which_the_policy_names_and_no_inline_style()
    {
        var page = Text("index.html");

        Assert.DoesNotContain("<style", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=", page, StringComparison.OrdinalIgnoreCase);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(page, @"<script(?![^>]*\bsrc=)"));
        // It is hashed as it stands there.
        Assert.DoesNotContain("{version}", page[page.IndexOf("<script>", StringComparison.Ordinal)..page.IndexOf("</script>", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\son\w+=", page);
    }

    [Fact]
    public void Only_the_version_and_the_names_of_this_build_are_found()
    {
        Assert.NotNull(Assets.Find(Assets.Version, "main.js"));
        Assert.Null(Assets.Find("0000000000000000", "main.js"));
        Assert.All(["index.html", "../host.json", "/etc/passwd", "MAIN.JS", ""], name => Assert.Null(Assets.Find(Assets.Version, name)));
    }

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0.5, gzip", "gzip")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("*", "br")]
    [InlineData("deflate", "identity")]
    [InlineData("br;q=0, gzip;q=0", "identity")]
    [InlineData("", "identity")]
    [InlineData("?;;", "identity")]
    public void The_encoding_is_one_that_the_browser_takes(string accepted, string chosen) => Assert.Equal(chosen, ConsoleAsset.Choose(new StringValues(accepted)));

    private static string Text(string name) => System.Text.Encoding.UTF8.GetString(ConsoleAssets.Read(name));
}
