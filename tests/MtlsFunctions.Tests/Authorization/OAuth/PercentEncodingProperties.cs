using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Tests.Authorization.OAuth;

/// <summary>What holds of percent-encoding whatever is encoded.</summary>
public sealed class PercentEncodingProperties
{
    [Fact]
    public void Decoding_gives_back_what_was_encoded() => Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(bytes =>
        WebUtility.UrlDecodeToBytes(Ascii(PercentEncoding.Encode(bytes)), 0, PercentEncoding.Encode(bytes).Length).SequenceEqual(bytes)));

    [Fact]
    public void An_encoded_text_holds_nothing_but_unreserved_characters_and_whole_escapes() => Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(bytes =>
        System.Text.RegularExpressions.Regex.IsMatch(PercentEncoding.Encode(bytes), @"\A([A-Za-z0-9._~-]|%[0-9A-F]{2})*\z")));

    [Fact]
    public void The_framework_encodes_text_in_the_same_way() => Check.QuickThrowOnFailure(Prop.ForAll<NonNull<string>>(text =>
        PercentEncoding.Encode(text.Get) == Uri.EscapeDataString(text.Get)));

    [Fact]
    public void What_is_in_the_one_way_already_stays_so() => Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(bytes =>
        PercentEncoding.Normalize(Ascii(PercentEncoding.Encode(bytes))) == PercentEncoding.Encode(bytes)));

    [Fact]
    public void Whatever_else_is_escaped_and_in_whatever_letters_it_comes_to_the_same() => Check.QuickThrowOnFailure(Prop.ForAll<byte[], int[]>((bytes, ways) =>
        PercentEncoding.Normalize(Ascii(Spell(bytes, ways))) == PercentEncoding.Encode(bytes)));

    /// <summary>Each byte in one of the ways in which it may be sent.</summary>
    private static string Spell(byte[] bytes, int[] ways) => string.Concat(bytes.Select((one, at) =>
        (ways.Length == 0 ? 0 : Math.Abs(ways[at % ways.Length] % 3)) switch
        {
            0 => $"%{one:x2}",
            1 => $"%{one:X2}",
            _ => one == ' ' ? "+" : PercentEncoding.Encode([one]),
        }));

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
