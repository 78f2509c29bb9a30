using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using MtlsFunctions.SelfService;

namespace MtlsFunctions.Tests.SelfService;

public sealed class ConsoleHeadersTests
{
    [Theory]
    [InlineData("https", "max-age=31536000")]
    [InlineData("http", "")]
    public void Where_the_console_comes_by_https_it_is_asked_for_by_https_for_a_year(string scheme, string expected)
    {
        var context = new DefaultHttpContext { Request = { Scheme = scheme } };

        new ConsoleHeaders(Options.Create(new ConsoleOptions()), new ConsoleAssets()).Set(context.Response, "no-cache");

        Assert.Equal(expected, context.Response.Headers.StrictTransportSecurity.ToString());
    }
}
