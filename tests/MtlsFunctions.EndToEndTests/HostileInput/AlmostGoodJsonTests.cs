using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using MtlsFunctions.EndToEndTests.Contract;

namespace MtlsFunctions.EndToEndTests.HostileInput;

/// <summary>Bodies that would be a success but for one thing: that thing alone must be enough to refuse them.</summary>
[Collection(nameof(ContractGateways))]
public sealed partial class AlmostGoodJsonTests(ContractGateways gateways)
{
    private const int Megabyte = 1024 * 1024;

    private static readonly Dictionary<string, Func<string, byte[]>> Changes = new()
    {
        ["a property twice"] = good => Utf8(FirstProperty().Replace(good, "{$1,$1,", 1)),
        ["a property twice, in other letters"] = good => Utf8(FirstProperty().Replace(good, found => $"{{{found.Groups[1].Value.ToUpperInvariant()},{found.Groups[1].Value},", 1)),
        ["a property twice, escaped"] = good => Utf8(FirstProperty().Replace(good, found => $"{{{Escaped(found.Groups[1].Value)},{found.Groups[1].Value},", 1)),
        ["an unknown property that nests"] = good => Utf8(good.Replace("{", $"{{\"unknown\":{new string('[', 40)}{new string(']', 40)},", StringComparison.Ordinal)),
        ["something behind it"] = good => Utf8(good + "[]"),
        ["a comma too many"] = good => Utf8(LastBrace().Replace(good, ",}$1")),
        ["a comment"] = good => Utf8($"/* {HostileGateway.Secret} */{good}"),
        ["cut off"] = good => Utf8(good[..^1]),
        ["a megabyte of blanks behind it"] = good => Utf8(good + new string(' ', Megabyte)),
        ["a megabyte in an unknown property"] = good => Utf8(good.Replace("{", $"{{\"unknown\":\"{new string('u', Megabyte)}\",", StringComparison.Ordinal)),
        ["UTF-16"] = Encoding.Unicode.GetBytes,
        ["UTF-16 with its mark"] = good => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(good)],
        ["UTF-32 with its mark"] = good => [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes(good)],
        ["gzip"] = good => Gzip(Utf8(good)),
        ["invalid UTF-8 in a text"] = good => InFirstText(good, [0xC3, 0x28]),
        ["half a character in a text"] = good => InFirstText(good, [0xED, 0xA0, 0x80]),
        ["half a surrogate pair in a text"] = good => InFirstText(good, [.. "\\ud800"u8]),
        ["NUL in a text"] = good => InFirstText(good, [.. "\\u0000"u8]),
        ["a bare line end in a text"] = good => InFirstText(good, [(byte)'\n']),
        ["a mark that turns text around"] = good => InFirstText(good, [.. "\u202e"u8]),
    };

    public static TheoryData<string> Names => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task One_wrong_thing_is_enough(string name)
    {
        var calls = (await CallsAsync("application/json", gateways.Good.ToSpoilAsync)).Select(call => call with { Raw = Changes[name](call.Json!.ToJsonString()) });
        var descriptions = (await CallsAsync("multipart/form-data", gateways.Good.ToSpoilAsync))
            // A form's part may have an encoding of its own, and such a mark tells which.
            .Where(call => call.Description is not null && !name.EndsWith("with its mark", StringComparison.Ordinal))
            .Select(call => call with { RawDescription = Changes[name](call.Description!.ToJsonString()) });
        var before = await StateAsync();
        var faults = new List<string>();
        foreach (var call in calls.Concat(descriptions))
        {
            var answer = await call.SendAsync(gateways.Usual, _ => true);
            if (answer.Status is < HttpStatusCode.BadRequest or >= HttpStatusCode.InternalServerError || answer.Header("Content-Type") != "application/problem+json")
                faults.Add($"{call.Operation} answers {(int)answer.Status}: {answer.Text}");
            Assert.DoesNotContain(HostileGateway.Secret, answer.Text, StringComparison.Ordinal);
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task The_same_bodies_with_nothing_wrong_are_taken_and_so_are_a_mark_of_UTF_8_and_unknown_properties()
    {
        foreach (var call in await CallsAsync("application/json", async method => (await gateways.Good.ForAsync(method.Answers.First()))[0]))
        {
            var odd = call.Json!.ToJsonString().Replace("{", "{\"unknown\":[{\"a\":null}],", StringComparison.Ordinal);
            var answer = await (call with { Raw = [.. Encoding.UTF8.Preamble, .. Utf8(odd)] }).SendAsync(gateways.Usual, _ => true);
            Assert.True((int)answer.Status is 200 or 201, $"{call.Operation} answers {(int)answer.Status}: {answer.Text}");
        }
    }

    private static async Task<IReadOnlyList<ApiCall>> CallsAsync(string type, Func<ApiOperation, Task<ApiCall>> make)
    {
        var calls = new List<ApiCall>();
        foreach (var method in (await ApiDocument.ServedAsync()).Operations.Where(method => method.RequestSchema(type) is not null))
            calls.Add(await make(method));
        return calls;
    }

    private async Task<string> StateAsync()
    {
        string[] paths = [gateways.Demo.CertificatesPath, gateways.Demo.MappingsPath, $"/mtls/account/{ContractGateways.Account}/app-keys"];
        return string.Join('\n', await Task.WhenAll(paths.Select(async path => (await gateways.Demo.GetAsync(path)).Text)));
    }

    private static byte[] InFirstText(string good, byte[] inserted)
    {
        var at = FirstText().Match(good) is { Success: true } text ? text.Index + text.Length : throw new InvalidOperationException(good);
        return [.. Utf8(good[..at]), .. inserted, .. Utf8(good[at..])];
    }

    private static string Escaped(string property) => $"\"\\u{(int)property[1]:x4}{property[2..]}";

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(plain);
        return packed.ToArray();
    }

    [GeneratedRegex("""\{("\w+":(?:"[^"]*"|[^,}\[]+)),""")]
    private static partial Regex FirstProperty();

    // The first value of a name, a URL or a service: whatever must be readable.
    [GeneratedRegex("""(?<="(?:name|username|url|serviceName)":")[^"]""")]
    private static partial Regex FirstText();

    [GeneratedRegex(@"\}(\]?)$")]
    private static partial Regex LastBrace();
}
