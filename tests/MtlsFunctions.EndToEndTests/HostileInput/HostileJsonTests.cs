using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using MtlsFunctions.EndToEndTests.Contract;

namespace MtlsFunctions.EndToEndTests.HostileInput;

/// <summary>Bodies that are made to break whoever reads them, for every method that takes JSON.</summary>
[Collection(nameof(HostileGateway))]
public sealed class HostileJsonTests(HostileGateway hostile)
{
    private const int Deep = 100_000;
    private const int TooLarge = 1024 * 1024 + 1;

    private static readonly Dictionary<string, Func<byte[]>> Bodies = new()
    {
        ["nothing"] = () => [],
        ["a blank"] = () => " "u8.ToArray(),
        ["null"] = () => "null"u8.ToArray(),
        ["true"] = () => "true"u8.ToArray(),
        ["a number"] = () => "1e999999"u8.ToArray(),
        ["a text"] = () => Utf8($"\"{HostileGateway.Secret}\""),
        ["an empty array"] = () => "[]"u8.ToArray(),
        ["an empty object"] = () => "{}"u8.ToArray(),
        ["an array of null"] = () => "[null]"u8.ToArray(),
        ["an array of arrays"] = () => "[[]]"u8.ToArray(),
        ["two documents"] = () => "[] []"u8.ToArray(),
        ["cut off"] = () => Utf8($"[{{\"name\":\"{HostileGateway.Secret}"),
        ["a comment"] = () => "[/* */]"u8.ToArray(),
        ["a comma too many"] = () => "[{},]"u8.ToArray(),
        ["NaN"] = () => "[{\"id\":NaN}]"u8.ToArray(),
        ["HTML"] = () => "<html>"u8.ToArray(),
        ["arrays in arrays"] = () => Repeat("[", Deep),
        ["objects in objects"] = () => Repeat("{\"a\":", Deep),
        ["depth in an unknown property"] = () => Utf8($"[{{\"unknown\":{new string('[', 64)}{new string(']', 64)}}}]"),
        ["a thousand items"] = () => Utf8($"[{string.Join(',', Enumerable.Repeat("{}", 1000))}]"),
        ["more than a megabyte of blanks"] = () => Repeat(" ", TooLarge),
        ["a text of a megabyte"] = () => Utf8($"[{{\"name\":\"{new string('a', TooLarge)}\"}}]"),
        ["a property name of a megabyte"] = () => Utf8($"[{{\"{new string('a', TooLarge)}\":1}}]"),
        ["a long name"] = () => Item("name", $"\"{new string('a', 500_000)}\""),
        ["a long number"] = () => Item("id", new string('9', 100_000)),
        ["a number of 64 bits and one"] = () => Item("id", "9223372036854775808"),
        ["a broken number"] = () => Item("id", "1.5"),
        ["an object for a text"] = () => Item("name", "{\"a\":1}"),
        ["an array for a text"] = () => Item("url", "[\"https://remote.example/\"]"),
        ["a text for a truth"] = () => Item("enable", "\"true\""),
        ["the same property twice"] = () => Utf8("[{\"name\":\"a\",\"name\":\"b\"}]"),
        ["the same property twice, in other letters"] = () => Utf8("[{\"name\":\"a\",\"Name\":\"b\"}]"),
        ["the same property twice, escaped"] = () => Utf8("[{\"name\":\"a\",\"n\\u0061me\":\"b\"}]"),
        ["half a surrogate pair"] = () => Item("name", "\"\\ud800\""),
        ["half a surrogate pair in a property name"] = () => Utf8("[{\"\\ud800\":1}]"),
        ["NUL in a text"] = () => Item("name", "\"a\\u0000b\""),
        ["a bare control character"] = () => Item("name", "\"a\nb\""),
        ["invalid UTF-8"] = () => [.. "[{\"name\":\""u8, 0xC3, 0x28, .. "\"}]"u8],
        ["overlong UTF-8"] = () => [.. "[{\"name\":\""u8, 0xC0, 0xAF, .. "\"}]"u8],
        ["Latin-1"] = () => Encoding.Latin1.GetBytes("[{\"name\":\"é\"}]"),
        ["UTF-16"] = () => Encoding.Unicode.GetBytes("[{\"name\":\"a\"}]"),
        ["UTF-16 with its mark"] = () => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("[{\"name\":\"a\"}]")],
        ["UTF-32 with its mark"] = () => [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes("[{\"name\":\"a\"}]")],
        ["UTF-7"] = () => "+AFsAew-"u8.ToArray(),
        ["two marks of UTF-8"] = () => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.Preamble, .. "[]"u8],
        ["gzip"] = () => Gzip("[]"u8.ToArray()),
    };

    public static TheoryData<string> Names => [.. Bodies.Keys];

    private IEnumerable<ApiOperation> Methods => hostile.Operations.Where(operation => operation.RequestSchema("application/json") is not null);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_body_that_is_not_what_it_should_be_is_refused_everywhere(string name)
    {
        var body = Bodies[name]();
        var answers = new List<(string, Answer)>();
        foreach (var method in Methods)
        {
            answers.Add(($"{method}", await SendAsync(method, new ByteArrayContent(body))));
            // What begins as an array is no object, so the methods that take one get its first item too.
            if (body is [(byte)'[', .. var item, (byte)']'])
                answers.Add(($"{method}, as an object", await SendAsync(method, new ByteArrayContent(item))));
        }

        await hostile.AreRefusedAsync(answers);
    }

    [Theory]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=no-such-thing")]
    [InlineData("application/json; charset=\"")]
    [InlineData("text/html")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("no type")]
    public async Task What_the_content_type_says_does_not_change_how_a_body_is_read(string contentType)
    {
        var answers = new List<(string, Answer)>();
        foreach (var method in Methods)
        {
            var content = new ByteArrayContent(Encoding.Unicode.GetBytes("[{}]"));
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            answers.Add(($"{method}", await SendAsync(method, content)));
        }

        await hostile.AreRefusedAsync(answers);
    }

    [Fact]
    public async Task A_body_without_an_announced_length_is_stopped_where_it_gets_too_long()
    {
        var answers = new List<(string, Answer)>();
        foreach (var method in Methods)
            // By no more than the last byte: the server hangs up on whoever is still sending, before they hear why.
            answers.Add(($"{method}", await SendAsync(method, new UnannouncedContent(Repeat(" ", TooLarge)))));

        await hostile.AreRefusedAsync(answers);
        Assert.All(answers, answer => Assert.Equal("urn:mtlsfunctions:problem:request-too-large", (string?)answer.Item2.Json["type"]));
    }

    private Task<Answer> SendAsync(ApiOperation method, HttpContent content)
    {
        content.Headers.ContentType ??= content.Headers.Contains("Content-Type") ? null : new MediaTypeHeaderValue("application/json");
        return hostile.Demo.SendAsync(new HttpMethod(method.Method), PathOf(method), content);
    }

    private static string PathOf(ApiOperation method) =>
        ApiOperation.ShapeOf(method.Path.Replace("{accountId}", HostileGateway.Account, StringComparison.Ordinal)).Replace("{}", "1", StringComparison.Ordinal);

    private static byte[] Item(string property, string value) => Utf8($"[{{\"secret\":\"{HostileGateway.Secret}\",\"{property}\":{value}}}]");

    private static byte[] Repeat(string text, int times) => Utf8(string.Concat(Enumerable.Repeat(text, times)));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(plain);
        return packed.ToArray();
    }
}
