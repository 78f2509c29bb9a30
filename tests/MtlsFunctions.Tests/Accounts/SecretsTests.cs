using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using MtlsFunctions.Accounts;
using MtlsFunctions.Authorization;
using MtlsFunctions.LocalHost;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Accounts;

/// <summary>Passwords and client secrets.</summary>
public sealed class SecretsTests : IDisposable
{
    private const string Right = "correct horse battery staple";

    private readonly CountingHasher hasher = new();
    private readonly string hash = Secrets.Hash(Right);
    private readonly Meters meters = new();
    private readonly List<FailedLogins> made = [];

    [Fact]
    public async Task The_right_secret_is_let_in() => Assert.Null(await RefuseAsync(Make(), hash, Right));

    [Fact]
    public async Task A_wrong_secret_and_an_unknown_name_get_the_same_answer_after_the_same_work()
    {
        var secrets = Make();

        var wrong = await RefuseAsync(secrets, hash, "guessed");
        var workForWrong = hasher.TakeWork();
        var unknown = await RefuseAsync(secrets, null, "guessed");

        Assert.Equal(FailureKind.LoginFailed, wrong?.Kind);
        Assert.Equal(wrong, unknown);
        Assert.Equal([100_000], workForWrong);
        Assert.Equal(workForWrong, hasher.TakeWork());
    }

    [Fact]
    public async Task No_secret_opens_a_name_that_does_not_exist()
    {
        foreach (var secret in new[] { "", " ", "null", Right })
            Assert.Equal(FailureKind.LoginFailed, (await RefuseAsync(Make(), null, secret))?.Kind);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1025)]
    public async Task A_missing_or_endless_secret_costs_no_work_whoever_it_is_for(int? length)
    {
        var secret = length is { } characters ? new string('x', characters) : null;

        Assert.Equal(await RefuseAsync(Make(), hash, secret), await RefuseAsync(Make(), null, secret));

        Assert.Empty(hasher.TakeWork());
    }

    [Fact]
    public async Task One_failure_too_many_costs_no_work()
    {
        var secrets = Make(attempts: 2);
        for (var attempt = 1; attempt <= 2; attempt++)
            Assert.Equal(FailureKind.LoginFailed, (await RefuseAsync(secrets, hash, "guessed"))?.Kind);
        hasher.TakeWork();

        var refused = await RefuseAsync(secrets, hash, Right);

        Assert.Equal(FailureKind.Throttled, refused?.Kind);
        Assert.InRange(refused!.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Empty(hasher.TakeWork());
        Assert.Null(await RefuseAsync(secrets, hash, Right, name: "demo\nbob"));
    }

    [Fact]
    public async Task Guesses_made_at_the_same_time_are_no_more_than_guesses_one_by_one()
    {
        var secrets = Make(attempts: 2);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => RefuseAsync(secrets, hash, "guessed"))));

        // Each of those that hash at a time may have asked just before the last failure was counted.
        Assert.InRange(hasher.TakeWork().Length, 2, 1 + Math.Max(1, Environment.ProcessorCount / 2));
    }

    [Fact]
    public async Task A_right_secret_never_counts()
    {
        var secrets = Make(attempts: 1);

        for (var login = 0; login < 5; login++)
            Assert.Null(await RefuseAsync(secrets, hash, Right));
    }

    [Fact]
    public async Task What_hash_password_prints_is_salted_and_holds()
    {
        var (one, other) = (Print(Right), Print(Right));

        Assert.NotEqual(one, other);
        Assert.Null(await RefuseAsync(Make(), one, Right));
        Assert.Null(await RefuseAsync(Make(), other, Right));
    }

    [Fact]
    public void Without_a_password_hash_password_says_how_to_give_it()
    {
        foreach (var nothing in new[] { "", "\n" })
            Assert.Contains("standard input", Assert.Throws<LocalHostException>(() => HashPassword.Run(new StringReader(nothing), new StringWriter())).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        made.ForEach(failures => failures.Dispose());
        meters.Dispose();
    }

    private static string Print(string password)
    {
        using var output = new StringWriter();
        Assert.Equal(0, HashPassword.Run(new StringReader(password + "\nignored"), output));
        return output.ToString().TrimEnd();
    }

    private static Task<Failure?> RefuseAsync(Secrets secrets, string? hash, string? secret, string name = "demo\nann", string network = "192.0.2.1") =>
        secrets.RefuseAsync(name, network, hash, secret, TestContext.Current.CancellationToken);

    private Secrets Make(int attempts = 1000)
    {
        var failures = new FailedLogins(Options.Create(new AccountOptions { AttemptsPerMinute = attempts }));
        made.Add(failures);
        return new Secrets(hasher, failures, new HashingQueue(TimeProvider.System), new AuthorizationMetrics(meters));
    }

    /// <summary>Counts the rounds of every verification, which are what takes the time.</summary>
    private sealed class CountingHasher : PasswordHasher<string>
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<int> work = [];

        public override PasswordVerificationResult VerifyHashedPassword(string user, string hashedPassword, string providedPassword)
        {
            work.Enqueue(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String(hashedPassword).AsSpan(5)));
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }

        public int[] TakeWork()
        {
            int[] taken = [.. work];
            work.Clear();
            return taken;
        }
    }
}
