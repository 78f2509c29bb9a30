namespace MtlsFunctions.Tests;

public sealed class NamesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("client certificate 2026")]
    [InlineData("https://a.example/orders?x=1")]
    [InlineData("Zertifikat für Käse")]
    [InlineData("証明書")]
    [InlineData("🔑")]
    [InlineData("' OR 1=1 --")]
    [InlineData("<script>")]
    public void Anything_printable_is_a_name(string name) => Assert.Null(Names.Refuse(name, "certificate"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u3000")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\tb")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u200bb")]
    [InlineData("a\u202eb")]
    [InlineData("a\ufeffb")]
    [InlineData("a\ue000b")]
    [InlineData("a\ufffdb")]
    [InlineData("a\ud800b")]
    public void What_nobody_can_see_is_none(string? name)
    {
        var failure = Names.Refuse(name, "certificate");

        Assert.Equal(FailureKind.NameInvalid, failure?.Kind);
        Assert.Contains("certificate", failure!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void It_has_256_characters_at_most_whatever_they_take()
    {
        Assert.Null(Names.Refuse(new string('x', 256), "certificate"));
        Assert.Null(Names.Refuse(string.Concat(Enumerable.Repeat("🔑", 256)), "certificate"));
        Assert.Equal(FailureKind.NameInvalid, Names.Refuse(new string('x', 257), "certificate")?.Kind);
    }
}
