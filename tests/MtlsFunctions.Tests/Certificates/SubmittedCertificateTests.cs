using System.Text.Json;
using MtlsFunctions.Certificates;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates;

public sealed class SubmittedCertificateTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly TestClient Client = new TestPki().IssueClient();
    private static readonly SubmittedCertificate Good = new() { Name = "orders", P12 = Client.Pkcs12, Password = Client.Password };

    [Theory]
    [InlineData("[]", new byte[0])]
    [InlineData("[0,1,127,128,255]", new byte[] { 0, 1, 127, 128, 255 })]
    [InlineData("[0,1,127,-128,-1]", new byte[] { 0, 1, 127, 128, 255 })]
    [InlineData("\"\"", new byte[0])]
    [InlineData("\"AAF/gP8=\"", new byte[] { 0, 1, 127, 128, 255 })]
    [InlineData("null", null)]
    public void Bytes_come_as_Java_writes_them_as_others_do_or_as_base64(string json, byte[]? bytes) => Assert.Equal(bytes, Read(json).P12);

    [Theory]
    [InlineData("[256]")]
    [InlineData("[-129]")]
    [InlineData("[1.5]")]
    [InlineData("[1e99]")]
    [InlineData("[null]")]
    [InlineData("[\"1\"]")]
    [InlineData("[[1]]")]
    [InlineData("{}")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("\"A\"")]
    [InlineData("\"AAF/gP8\"")]
    [InlineData("\"AAF_gP8=\"")]
    public void Other_bytes_are_refused(string json) => Assert.Throws<JsonException>(() => Read(json));

    [Theory]
    [InlineData("\"4711\"", 4711L)]
    [InlineData("4711", 4711L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"-1\"", null)]
    [InlineData("\"+1\"", null)]
    [InlineData("\" 1\"", null)]
    [InlineData("\"9223372036854775808\"", null)]
    [InlineData("\"mine\"", null)]
    public void The_id_of_an_update_is_a_number_or_a_text_of_one(string json, long? id)
    {
        var parsed = JsonSerializer.Deserialize<SubmittedCertificate>($$"""{"id":{{json}}}""", Answers.Json)!.ParseId();

        if (id is { } expected)
            Assert.Equal(expected, The.Of(parsed));
        else
            The.FailureOf(FailureKind.RequestInvalid, parsed);
    }

    [Fact]
    public void Without_a_display_name_the_name_is_displayed()
    {
        using var named = The.Of(Good.Open(Now));
        using var displayed = The.Of((Good with { DisplayName = "Orders" }).Open(Now));

        Assert.Equal(("orders", "orders"), (named.Name, named.DisplayName));
        Assert.Equal(("orders", "Orders"), (displayed.Name, displayed.DisplayName));
    }

    [Fact]
    public void Each_thing_that_is_missing_or_bad_is_told()
    {
        The.FailureOf(FailureKind.NameInvalid, (Good with { Name = null }).Open(Now));
        The.FailureOf(FailureKind.NameInvalid, (Good with { DisplayName = "" }).Open(Now));
        The.FailureOf(FailureKind.NameInvalid, (Good with { DisplayName = new string('x', 257) }).Open(Now));
        The.FailureOf(FailureKind.RequestInvalid, (Good with { Password = null }).Open(Now));
        The.FailureOf(FailureKind.RequestInvalid, (Good with { P12 = null }).Open(Now));
        The.FailureOf(FailureKind.Pkcs12Unreadable, (Good with { P12 = [] }).Open(Now));
    }

    [Fact]
    public void Written_down_by_whomever_it_keeps_its_password() => Assert.DoesNotContain(Good.Password!, $"{Good}", StringComparison.Ordinal);

    private static SubmittedCertificate Read(string p12) => JsonSerializer.Deserialize<SubmittedCertificate>($$"""{"p12":{{p12}}}""", Answers.Json)!;
}
