using System.Text;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Tests.Authorization.OAuth;

/// <summary>RFC 5849 section 3.6.</summary>
public sealed class PercentEncodingTests
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    [Fact]
    public void Unreserved_characters_stay_as_they_are() => Assert.Equal(Unreserved, PercentEncoding.Encode(Unreserved));

    [Fact]
    public void Every_other_byte_becomes_an_escape_with_capital_letters()
    {
        foreach (var one in Enumerable.Range(0, 256).Select(value => (byte)value).Where(value => !Unreserved.Contains((char)value)))
            Assert.Equal($"%{one:X2}", PercentEncoding.Encode([one]));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a b", "a%20b")]
    [InlineData("a+b", "a%2Bb")]
    [InlineData("a%20b", "a%2520b")]
    [InlineData("!*'()", "%21%2A%27%28%29")]
    [InlineData("\0\n", "%00%0A")]
    [InlineData("ä", "%C3%A4")]
    [InlineData("☃", "%E2%98%83")]
    [InlineData("😀", "%F0%9F%98%80")]
    public void Text_is_encoded_as_its_UTF_8(string text, string encoded) => Assert.Equal(encoded, PercentEncoding.Encode(text));

    [Theory]
    [InlineData("a+b", "a%20b")]
    [InlineData("a%2bb", "a%2Bb")]
    [InlineData("%61%2D%7e", "a-~")]
    [InlineData("ä", "%C3%A4")]
    [InlineData("%c3%a4", "%C3%A4")]
    public void Every_spelling_comes_to_the_same(string sent, string normal) => Assert.Equal(normal, Normalize(sent));

    [Theory]
    [InlineData("%FF", "%FF")]
    [InlineData("%25FF", "%25FF")]
    [InlineData("%C3%28", "%C3%28")]
    [InlineData("%ED%A0%80", "%ED%A0%80")]
    [InlineData("%EF%BF%BD", "%EF%BF%BD")]
    public void What_is_not_UTF_8_stays_what_it_is_and_looks_like_nothing_else(string sent, string normal) => Assert.Equal(normal, Normalize(sent));

    [Theory]
    [InlineData("100%", "100%25")]
    [InlineData("%", "%25")]
    [InlineData("%4", "%254")]
    [InlineData("%zz", "%25zz")]
    [InlineData("%%41", "%25A")]
    [InlineData("%u0041", "%25u0041")]
    public void An_escape_that_is_none_stands_for_itself(string sent, string normal) => Assert.Equal(normal, Normalize(sent));

    private static string Normalize(string sent) => PercentEncoding.Normalize(Encoding.UTF8.GetBytes(sent));
}
