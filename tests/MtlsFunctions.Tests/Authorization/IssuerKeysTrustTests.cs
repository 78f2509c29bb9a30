using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Authorization;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>Which answers of an issuer count, and what callers who give up do to the others.</summary>
public sealed class IssuerKeysTrustTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_come_from_the_address_that_the_metadata_names()
    {
        using var issuer = new ScriptedIssuer();
        using var keys = issuer.KeysOf();

        Assert.Equal("1", Assert.Single((await keys.GetAsync(Cancellation))!).KeyId);
        Assert.Equal(["https://issuer.example/.well-known/openid-configuration", ScriptedIssuer.KeysUrl], issuer.Asked);
    }

    [Theory]
    [InlineData("https://other.example")]
    [InlineData("https://issuer.example/")]
    [InlineData("https://ISSUER.example")]
    [InlineData("")]
    public async Task Metadata_of_another_issuer_is_not_used(string name)
    {
        using var issuer = new ScriptedIssuer();
        issuer.AnswerMetadata(ScriptedIssuer.Metadata.Replace($"\"{ScriptedIssuer.Issuer}\"", $"\"{name}\"", StringComparison.Ordinal));
        using var keys = issuer.KeysOf();

        Assert.Null(await keys.GetAsync(Cancellation));
    }

    [Fact]
    public async Task Metadata_that_turns_foreign_later_leaves_the_keys_as_they_are()
    {
        using var issuer = new ScriptedIssuer();
        using var keys = issuer.KeysOf();
        var known = (await keys.GetAsync(Cancellation))!;

        issuer.AnswerMetadata(ScriptedIssuer.Metadata.Replace($"\"{ScriptedIssuer.Issuer}\"", "\"https://other.example\"", StringComparison.Ordinal));
        issuer.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Same(known, await keys.GetNewerThanAsync(known, Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>Sign in</html>")]
    [InlineData("""{"issuer":"https://issuer.example","jwks_uri":"https://issuer.example/gone"}""")]
    [InlineData("""{"issuer":"https://issuer.example","jwks_uri":"/jwks"}""")]
    public async Task A_broken_answer_leaves_the_keys_as_they_are(string metadata)
    {
        using var issuer = new ScriptedIssuer();
        using var keys = issuer.KeysOf();
        var known = (await keys.GetAsync(Cancellation))!;

        issuer.AnswerMetadata(metadata);
        issuer.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Same(known, await keys.GetNewerThanAsync(known, Cancellation));
    }

    [Fact]
    public async Task Metadata_over_plain_http_is_not_even_asked_for_unless_that_is_allowed()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        using var http = new HttpClient();
        using var strict = new IssuerKeys(new IssuerOptions { Issuer = issuer.Issuer }, http, new FakeTimeProvider(), NullLogger.Instance);
        using var lax = new IssuerKeys(Verifier.Trusted(issuer), http, new FakeTimeProvider(), NullLogger.Instance);

        Assert.Null(await strict.GetAsync(Cancellation));
        Assert.Equal(0, issuer.MetadataRequests);
        Assert.NotNull(await lax.GetAsync(Cancellation));
    }

    [Fact]
    public async Task Keys_over_plain_http_are_not_asked_for_although_the_metadata_came_over_https()
    {
        const string plain = "http://issuer.example/jwks";
        using var issuer = new ScriptedIssuer { Pages = { [plain] = ScriptedIssuer.Keys } };
        issuer.AnswerMetadata(ScriptedIssuer.Metadata.Replace(ScriptedIssuer.KeysUrl, plain, StringComparison.Ordinal));
        using var keys = issuer.KeysOf();

        Assert.Null(await keys.GetAsync(Cancellation));
        Assert.DoesNotContain(plain, issuer.Asked);
    }

    [Fact]
    public async Task A_caller_who_leaves_while_the_keys_are_on_their_way_costs_nobody_else_the_keys()
    {
        var answer = new TaskCompletionSource();
        using var issuer = new ScriptedIssuer { Gate = answer.Task };
        using var keys = issuer.KeysOf();
        using var leaving = new CancellationTokenSource();
        var left = keys.GetAsync(leaving.Token).AsTask();
        await issuer.Arrived.Task.WaitAsync(Cancellation);
        var staying = keys.GetAsync(Cancellation).AsTask();

        await leaving.CancelAsync();
        answer.SetResult();
        await Record.ExceptionAsync(() => left);

        Assert.NotNull(await staying);
        Assert.NotNull(await keys.GetAsync(Cancellation));
    }

    [Fact]
    public async Task A_caller_who_has_left_is_not_kept_waiting_for_the_issuer()
    {
        var never = new TaskCompletionSource();
        using var issuer = new ScriptedIssuer { Gate = never.Task };
        using var keys = issuer.KeysOf();
        using var leaving = new CancellationTokenSource();
        var left = keys.GetAsync(leaving.Token).AsTask();
        await issuer.Arrived.Task.WaitAsync(Cancellation);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WaitAsync(TimeSpan.FromSeconds(5), Cancellation));
        never.SetResult();
    }
}
