using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Tests.Authorization.OAuth;

/// <summary>Each nonce counts once.</summary>
public sealed class NoncesTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider clock = new(Start);
    private readonly HashSet<string> shared = [];
    private bool down;
    private int asked;

    [Fact]
    public async Task The_same_nonce_is_refused_and_the_table_is_not_even_asked_again()
    {
        var nonces = Make();
        Assert.Null(await UseAsync(nonces, "a"));

        Assert.Equal(FailureKind.Unauthorized, (await UseAsync(nonces, "a"))?.Kind);

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_nonce_is_new_for_another_key_token_or_timestamp()
    {
        var nonces = Make();
        Assert.Null(await UseAsync(nonces, "a"));

        Assert.Null(await UseAsync(nonces, "b"));
        Assert.Null(await UseAsync(nonces, "a", key: "demo.2"));
        Assert.Null(await UseAsync(nonces, "a", token: "another"));
        Assert.Null(await UseAsync(nonces, "a", at: Start.AddSeconds(1)));
        // Parts can't be moved from one to the next.
        Assert.Null(await UseAsync(nonces, "a", key: "demo.1t", token: ""));
    }

    [Fact]
    public async Task What_another_instance_has_seen_is_refused()
    {
        Assert.Null(await UseAsync(Make(), "a"));

        Assert.Equal(FailureKind.Unauthorized, (await UseAsync(Make(), "a"))?.Kind);
    }

    [Fact]
    public async Task While_the_table_is_down_memory_serves_for_what_was_signed_since_the_start()
    {
        var nonces = Make();
        clock.Advance(TimeSpan.FromMinutes(1));
        down = true;

        Assert.Null(await UseAsync(nonces, "a", at: Start));
        Assert.Equal(FailureKind.Unauthorized, (await UseAsync(nonces, "a", at: Start))?.Kind);
        // Whether the instance before this one has seen it, nobody can say.
        Assert.Equal(FailureKind.Unauthorized, (await UseAsync(nonces, "b", at: Start.AddSeconds(-2)))?.Kind);
    }

    [Fact]
    public async Task With_sharing_required_nothing_is_let_in_while_the_table_is_down()
    {
        var nonces = Make(new OAuthOptions { RequireSharedNonces = true });
        down = true;

        var fault = await Assert.ThrowsAsync<DependencyUnavailableException>(() => UseAsync(nonces, "a"));
        Assert.Equal(FailureKind.StorageUnavailable, fault.Kind);
    }

    [Fact]
    public async Task Without_sharing_the_table_is_never_asked()
    {
        var nonces = Make(new OAuthOptions { SharedNonces = false });

        Assert.Null(await UseAsync(nonces, "a"));
        Assert.Equal(FailureKind.Unauthorized, (await UseAsync(nonces, "a"))?.Kind);
        Assert.Equal(FailureKind.Unauthorized, (await UseAsync(nonces, "b", at: Start.AddSeconds(-2)))?.Kind);

        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task A_full_memory_refuses_for_now_unless_the_table_can_say()
    {
        var alone = Make(new OAuthOptions { SharedNonces = false, MaxNonces = 2 });
        var together = Make(new OAuthOptions { MaxNonces = 2 });
        foreach (var nonce in new[] { "a", "b" })
        {
            Assert.Null(await UseAsync(alone, nonce));
            Assert.Null(await UseAsync(together, nonce));
        }

        Assert.Equal(FailureKind.StorageUnavailable, (await UseAsync(alone, "c"))?.Kind);
        Assert.Null(await UseAsync(together, "c"));
        Assert.Equal(FailureKind.Unauthorized, (await UseAsync(together, "c"))?.Kind);
        // What it knows it still refuses.
        Assert.Equal(FailureKind.Unauthorized, (await UseAsync(alone, "a"))?.Kind);
    }

    [Fact]
    public async Task A_flood_of_one_account_leaves_room_for_another()
    {
        var alone = Make(new OAuthOptions { SharedNonces = false, MaxNonces = 100 });
        for (var at = 0; at < 1_000; at++)
            await UseAsync(alone, $"{at}", key: $"loud.{at % 7}");
        Assert.Equal(FailureKind.StorageUnavailable, (await UseAsync(alone, "more", key: "loud.1"))?.Kind);

        for (var at = 0; at < 20; at++)
            Assert.Null(await UseAsync(alone, $"{at}", key: "quiet.1"));
        // And no replay comes through meanwhile.
        Assert.Equal(FailureKind.Unauthorized, (await UseAsync(alone, "0", key: "quiet.1"))?.Kind);
    }

    private Nonces Make(OAuthOptions? options = null) =>
        new(AddAsync, Options.Create(options ?? new OAuthOptions()), clock, LoggerFactory.Create(_ => { }).CreateLogger<Nonces>());

    private static async Task<Failure?> UseAsync(Nonces nonces, string nonce, string key = "demo.1", string token = "t", DateTimeOffset? at = null) =>
        await nonces.UseAsync(Header(nonce, key, token, at), TestContext.Current.CancellationToken);

    private static OAuthHeader Header(string nonce, string key = "demo.1", string token = "t", DateTimeOffset? at = null) =>
        new([], key, token, "HMAC-SHA256", at ?? Start, nonce, []);

    private Task<bool> AddAsync(DateTimeOffset timestamp, string consumerKey, string hash, CancellationToken cancellation)
    {
        asked++;
        return down ? throw new DependencyUnavailableException(FailureKind.StorageUnavailable, new IOException()) : Task.FromResult(shared.Add(hash));
    }
}
