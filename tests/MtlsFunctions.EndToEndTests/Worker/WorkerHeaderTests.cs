using System.Net;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>Bytes beyond ASCII in an answer's headers: right under Kestrel, and no 500 of the host's under Functions.</summary>
[Collection(WorkerTests.Name)]
public sealed class WorkerHeaderTests(WorkerFixture worker)
{
    [Theory]
    [InlineData("\u00dcbersicht.pdf", "filename*=UTF-8''%C3%9Cbersicht.pdf")]
    [InlineData("\u00c3\u009cbersicht.pdf", "filename*=UTF-8''%C3%9Cbersicht.pdf")]
    public async Task A_file_name_of_a_remote_reaches_the_caller(string sent, string expected)
    {
        // Latin-1 puts each character's code on the wire as one byte: the second name is the first one in UTF-8.
        await using var remote = await FileServer.StartAsync(worker.Gateway.Pki, $"attachment; filename=\"{sent}\"");
        var caller = worker.Gateway.As("headers");

        var local = await caller.ForwardAsync(HttpMethod.Get, remote.Url);
        var shipped = await worker.Host.As(worker.Gateway, "headers").ForwardAsync(HttpMethod.Get, remote.Url);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (local.Status, shipped.Status));
        Assert.Null(local.Header("LP-encoded-headers"));
        Assert.Equal($"attachment; {expected}", shipped.Header("Content-Disposition"));
        Assert.Equal("Content-Disposition", shipped.Header("LP-encoded-headers"));
        Assert.Equal(local.Text, shipped.Text);
    }
}
