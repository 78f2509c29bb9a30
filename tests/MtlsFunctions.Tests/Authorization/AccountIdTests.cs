using System.Reflection;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Tests.Authorization;

public sealed class AccountIdTests(SharedVerifier shared) : IClassFixture<SharedVerifier>
{
    private readonly Verifier verifier = shared.Plain;

    [Theory]
    [InlineData("le1606809")]
    [InlineData("52653865")]
    [InlineData("a")]
    [InlineData("_")]
    [InlineData("-")]
    [InlineData("A-b_C-0")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void Letters_digits_underscore_and_hyphen_make_an_account_id(string text) => Assert.True(AccountId.IsLegal(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    [InlineData(" ")]
    [InlineData("demo ")]
    [InlineData(" demo")]
    [InlineData("de mo")]
    [InlineData("demo\n")]
    [InlineData("demo\r\n")]
    [InlineData("demo\t")]
    [InlineData("demo\0")]
    [InlineData("a.b")]
    [InlineData("..")]
    [InlineData("../other")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a%b")]
    [InlineData("a'b")]
    [InlineData("a:b")]
    [InlineData("a|b")]
    [InlineData("d\u0435mo")] // Cyrillic
    [InlineData("dem\u03bf")] // Greek
    [InlineData("\uff44emo")] // full width
    [InlineData("demo\u0661")] // Arabic digit
    [InlineData("d\u00e9mo")]
    [InlineData("demo\u0301")] // combining accent
    [InlineData("de\u200bmo")] // no width
    [InlineData("demo\u2010")] // another hyphen
    [InlineData("de\u00admo")] // soft hyphen
    [InlineData("demo\ud83d\ude00")]
    [InlineData("\u212aelvin")] // upper-cases like K
    [InlineData("\u0131d")] // dotless i
    public void Anything_else_does_not_look_alikes_included(string? text) => Assert.False(AccountId.IsLegal(text));

    [Fact]
    public void Nobody_outside_can_make_one()
    {
        Assert.Empty(typeof(AccountId).GetConstructors());
        Assert.Null(typeof(AccountId).GetProperty(nameof(AccountId.Value))!.SetMethod);
        Assert.DoesNotContain(
            typeof(AccountId).GetMethods(BindingFlags.Public | BindingFlags.Static), method => method.ReturnType == typeof(AccountId));
    }

    [Fact]
    public async Task Two_of_the_same_text_are_equal_and_other_letters_are_another_account()
    {
        var one = (await verifier.AdmitsAsync(verifier.Issuer.Token("demo"))).Account;
        var same = (await verifier.AdmitsAsync(verifier.Issuer.Token("demo"))).Account;
        var other = (await verifier.AdmitsAsync(verifier.Issuer.Token("Demo"))).Account;

        Assert.NotSame(one, same);
        Assert.Equal((one, one.GetHashCode(), "demo"), (same, same.GetHashCode(), $"{same}"));
        Assert.NotEqual(one, other);
    }
}
