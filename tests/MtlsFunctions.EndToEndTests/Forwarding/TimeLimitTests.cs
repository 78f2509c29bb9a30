using System.Net;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>Each wait has a limit of its own, and its own code.</summary>
public sealed class TimeLimitTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Connecting_takes_no_longer_than_its_limit_TLS_included()
    {
        await using var gateway = await StartAsync(("ConnectTimeout", "00:00:01"));
        await using var remote = new FaultyServer(Faults.Hang, certificate: null);

        await FailsAsync("connect-timeout", gateway, remote.Url);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task The_first_byte_takes_no_longer_than_its_limit(int body)
    {
        await using var gateway = await StartAsync(("ConnectTimeout", "00:00:01.9"), ("FirstByteTimeout", "00:00:02"));
        await using var remote = new FaultyServer(Faults.NeverAnswer, gateway.Pki.IssueServer());

        await FailsAsync("response-timeout", gateway, remote.Url, body);
    }

    [Fact]
    public async Task A_request_that_stands_still_is_given_up()
    {
        await using var gateway = await StartAsync(("ActivityTimeout", "00:00:02"));
        await using var remote = new FaultyServer(async (stream, ending) =>
        {
            await Faults.ReadHead(stream, ending);
            await Faults.Hang(stream, ending);
        }, gateway.Pki.IssueServer());

        await FailsAsync("response-timeout", gateway, remote.Url, 100_000_000);
    }

    [Fact]
    public async Task An_answer_that_stands_still_is_broken_off()
    {
        await using var gateway = await StartAsync(("ActivityTimeout", "00:00:02"));
        await using var remote = new FaultyServer(async (stream, ending) =>
        {
            await Faults.AnswerRaw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789")(stream, ending);
            await stream.CopyToAsync(Stream.Null, ending);
        }, gateway.Pki.IssueServer());

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => gateway.As("demo").ForwardAsync(HttpMethod.Get, remote.Url));
    }

    private Task<TestGateway> StartAsync(params (string Name, string Value)[] settings) =>
        TestGateway.StartAsync(azurite, settings.ToDictionary(setting => $"Forwarding:{setting.Name}", setting => (string?)setting.Value));

    private static async Task FailsAsync(string code, TestGateway gateway, string url, int body = 0)
    {
        var answer = await gateway.As("demo").ForwardAsync(HttpMethod.Post, url, content: new ByteArrayContent(new byte[body]));

        answer.IsProblem(HttpStatusCode.FailedDependency, "remote-unreachable");
        Assert.Equal(code, answer.Header("LP-error-from-transport"));
        Assert.StartsWith($"{url} {code}: ", answer.Header("LP-message-from-transport"), StringComparison.Ordinal);
    }
}
