using Microsoft.AspNetCore.Http;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Tests.Mappings;

public sealed class AccountRevisionTests
{
    [Theory]
    [InlineData("7", 7L)]
    [InlineData("\"7\"", 7L)]
    [InlineData(" \"7\" ", 7L)]
    [InlineData("*", null)]
    [InlineData(null, null)]
    public void If_Match_names_a_revision_quoted_or_not(string? header, long? expected) => Assert.Equal(expected, The.Of(Expected(header)));

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("yesterday")]
    [InlineData("-1")]
    [InlineData("W/\"7\"")]
    [InlineData("\"7\", \"8\"")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_refused_and_names_the_header_that_tells_it(string header) =>
        Assert.Contains("ac-revision", The.FailureOf(FailureKind.RequestInvalid, Expected(header)).Detail, StringComparison.Ordinal);

    [Fact]
    public void Two_lines_of_it_are_refused() => The.FailureOf(FailureKind.RequestInvalid, Expected("7", "8"));

    private static Outcome<long?> Expected(params string?[] header)
    {
        var context = new DefaultHttpContext();
        if (header is not [null])
            context.Request.Headers.IfMatch = header;
        return AccountRevision.Expected(context.Request);
    }
}
