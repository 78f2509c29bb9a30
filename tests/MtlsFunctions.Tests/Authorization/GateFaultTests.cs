using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>What becomes of exceptions that nobody handled.</summary>
public sealed class GateFaultTests(SharedVerifier shared) : IClassFixture<SharedVerifier>
{
    private const string Secret = "nobody-should-see-this";

    private readonly GateCall call = new GateCall(shared.Plain).WithToken();

    public static TheoryData<string, int, string> Faults => new()
    {
        { "body too large", 413, "request-too-large" },
        { "body cut off", 400, "request-invalid" },
        { "connection reset", 400, "request-invalid" },
        { "table down", 503, "storage-unavailable" },
        { "vault down", 503, "vault-unavailable" },
        { "surprise", 500, "internal" },
        { "cancelled by nobody", 500, "internal" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_exception_becomes_a_problem_answer_that_keeps_its_text_to_itself(string fault, int status, string type)
    {
        var answer = await call.AdmitAsync(_ => throw Make(fault), TestContext.Current.CancellationToken);

        Assert.Equal((status, "urn:mtlsfunctions:problem:" + type), (answer.Status, (string?)answer.Body!["type"]));
        Assert.DoesNotContain(Secret, answer.Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(status == 503, answer.Headers.RetryAfter.Count == 1);
        Assert.Equal(0, answer.Headers.WWWAuthenticate.Count);
    }

    [Theory]
    [InlineData("surprise", LogLevel.Error)]
    [InlineData("cancelled by nobody", LogLevel.Error)]
    [InlineData("table down", LogLevel.Warning)]
    public async Task What_is_our_fault_is_logged_with_its_exception(string fault, LogLevel level)
    {
        var thrown = Make(fault);

        await call.AdmitAsync(_ => throw thrown, TestContext.Current.CancellationToken);

        Assert.Equal((level, thrown), Assert.Single(call.Logged));
    }

    [Theory]
    [InlineData("body too large")]
    [InlineData("body cut off")]
    public async Task What_the_caller_did_is_not_logged_as_ours(string fault)
    {
        await call.AdmitAsync(_ => throw Make(fault), TestContext.Current.CancellationToken);

        Assert.Empty(call.Logged);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_caller_who_has_gone_leaves_neither_a_problem_nor_a_log_line(bool byToken)
    {
        // The Functions host fires the token, Kestrel the context.
        using var gone = new CancellationTokenSource();
        if (!byToken)
            call.Context.RequestAborted = gone.Token;

        var answer = await call.AdmitAsync(async _ =>
        {
            await gone.CancelAsync();
            throw new OperationCanceledException(Secret);
        }, byToken ? gone.Token : TestContext.Current.CancellationToken);

        Assert.Equal((499, null), (answer.Status, answer.Body));
        Assert.Empty(call.Logged);
    }

    [Fact]
    public async Task After_the_answer_has_begun_an_exception_goes_on_so_that_the_host_aborts_the_connection()
    {
        call.Context.Features.Set<IHttpResponseFeature>(new BegunResponse());

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(
            () => call.AdmitAsync(_ => throw Make("surprise"), TestContext.Current.CancellationToken));

        Assert.Equal(Secret, fault.Message);
    }

    private static Exception Make(string fault) => fault switch
    {
        "body too large" => new BadHttpRequestException(Secret, StatusCodes.Status413PayloadTooLarge),
        "body cut off" => new BadHttpRequestException(Secret),
        "connection reset" => new ConnectionResetException(Secret),
        "table down" => new DependencyUnavailableException(FailureKind.StorageUnavailable, new HttpRequestException(Secret)),
        "vault down" => new DependencyUnavailableException(FailureKind.VaultUnavailable, new HttpRequestException(Secret)),
        "cancelled by nobody" => new OperationCanceledException(Secret),
        _ => new InvalidOperationException(Secret),
    };

    private sealed class BegunResponse : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }
}
