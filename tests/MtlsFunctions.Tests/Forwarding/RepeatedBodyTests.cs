using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Forwarding.EarlyAnswers;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Forwarding;

/// <summary>What the client asks for a second time when the remote hasn't processed the first.</summary>
public sealed class RepeatedBodyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(4_097)]
    [InlineData(65_536)]
    public async Task A_body_of_up_to_64_KB_goes_out_again_byte_for_byte(int length)
    {
        var sent = RandomNumberGenerator.GetBytes(length);
        using var body = Body(sent, The.KeptBodies());

        Assert.Equal(sent, await OutAsync(body));
        Assert.True(body.CanGoAgain);
        Assert.Equal(sent, await OutAsync(body));
        Assert.Equal(sent, await OutAsync(body));
    }

    [Theory]
    [InlineData(65_537, 1 << 20)]
    [InlineData(1, 0)]
    [InlineData(4_097, 16 * 1024)]
    public async Task A_larger_one_or_one_that_has_no_room_goes_out_once(int length, long budget)
    {
        var sent = RandomNumberGenerator.GetBytes(length);
        using var body = Body(sent, The.KeptBodies(budget));

        Assert.Equal(sent, await OutAsync(body));
        Assert.False(body.CanGoAgain);
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => OutAsync(body));

        Assert.Equal(TransportError.NotProcessed, TransportError.CodeOf(timedOut: false, fault, withCertificate: true));
    }

    [Fact]
    public async Task What_is_kept_is_counted_and_given_back_when_the_answer_begins()
    {
        using var meters = new Meters();
        using var kept = new MetricCollector<long>(meters, Telemetry.Name, "mtls.forward.body.kept");
        var budget = new KeptBodies(Options.Create(new ForwardingOptions()), meters);
        using var body = Body(new byte[20_000], budget);
        await OutAsync(body);
        Assert.Equal(65_536, kept.GetMeasurementSnapshot().Sum(one => one.Value));

        body.Forget();

        Assert.Equal(0, kept.GetMeasurementSnapshot().Sum(one => one.Value));
        Assert.False(body.CanGoAgain);
    }

    [Fact]
    public async Task Nothing_is_kept_of_what_comes_after_the_answer_has_begun()
    {
        var caller = new Pipe();
        using var meters = new Meters();
        using var kept = new MetricCollector<long>(meters, Telemetry.Name, "mtls.forward.body.kept");
        using var patience = new Patience(new ForwardingOptions(), TimeProvider.System, CancellationToken.None);
        using var body = new RequestBody(caller.Reader, patience, new EarlyAnswer(), new KeptBodies(Options.Create(new ForwardingOptions()), meters));
        await caller.Writer.WriteAsync(new byte[10], Cancellation);
        var copying = OutAsync(body);
        body.Forget();
        await caller.Writer.WriteAsync(new byte[10], Cancellation);
        await caller.Writer.CompleteAsync();

        Assert.Equal(20, (await copying).Length);
        Assert.Equal(0, kept.GetMeasurementSnapshot().Sum(one => one.Value));
    }

    [Fact]
    public void The_client_still_says_whether_a_request_may_be_sent_again() =>
        Assert.NotNull(typeof(HttpRequestException).GetProperty("AllowRetry", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic));

    private static RequestBody Body(byte[] sent, KeptBodies budget) => new(
        PipeReader.Create(new MemoryStream(sent)), new Patience(new ForwardingOptions(), TimeProvider.System, CancellationToken.None), new EarlyAnswer(), budget);

    private static async Task<byte[]> OutAsync(RequestBody body)
    {
        using var remote = new MemoryStream();
        await body.CopyToAsync(remote, Cancellation);
        return remote.ToArray();
    }
}
