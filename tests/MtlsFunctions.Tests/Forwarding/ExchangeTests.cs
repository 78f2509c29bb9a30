using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Tests.Forwarding;

/// <summary>What the client reports by chance only; everything else is shown over raw sockets.</summary>
public sealed class ExchangeTests
{
    private static readonly ForwardRequest Request = new(The.Url("https://a.example/"), null, StringValues.Empty, StopWithoutCertificate: false);

    [Theory]
    [InlineData(true, TransportError.ResponseTimeout)]
    [InlineData(false, TransportError.ConnectionClosed)]
    public async Task When_the_time_is_up_it_is_a_timeout_even_where_the_client_reports_the_connection_that_it_closed(bool timeIsUp, string code)
    {
        var options = new ForwardingOptions();
        var clock = new FakeTimeProvider();
        var context = new DefaultHttpContext { Request = { Method = "GET" } };
        using var patience = new Patience(options, clock, TestContext.Current.CancellationToken);
        var remote = new WarmHandler(new HttpMessageInvoker(new Remote(() =>
        {
            if (timeIsUp)
                clock.Advance(options.FirstByteTimeout + options.ActivityTimeout);
            throw new HttpRequestException("closed", new IOException("closed", new SocketException((int)SocketError.ConnectionAborted)));
        })), certificate: null);

        var exchange = new Exchange(context, options, new HeaderCarriage(AsciiOnly: false), patience, The.KeptBodies(), clock);
        var (ending, fault) = await exchange.RunAsync(Request, remote);

        Assert.Equal(timeIsUp ? Ending.StoodStill : Ending.NoAnswer, ending);
        Assert.Equal(code, ForwardFailures.Explain(context, Request.Target, ending, fault, withCertificate: true).Outcome);
    }

    private sealed class Remote(Action fails) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            fails();
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
