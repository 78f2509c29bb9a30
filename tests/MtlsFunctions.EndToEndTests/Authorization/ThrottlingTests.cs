using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>A rate of one a second and a burst of two, so that a crowd of requests meets the limit however slow the machine is.</summary>
public sealed class ThrottlingTests(AzuriteFixture azurite)
{
    private const int Crowd = 40;

    private static readonly Dictionary<string, string?> PerAddress = new() { ["Throttle:RequestsPerSecondPerAddress"] = "1" };
    private static readonly Dictionary<string, string?> PerAccount = new() { ["Throttle:RequestsPerSecondPerAccount"] = "1" };

    [Fact]
    public async Task Too_many_requests_of_one_address_are_told_when_to_come_back()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, PerAddress);

        var answers = await CrowdAsync(_ => gateway.As("demo").GetAsync("/mtls/account/demo/certificates"));

        AssertThrottled(answers, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_flood_of_bad_credentials_is_stopped_before_it_costs_a_look_up()
    {
        var lookups = 0;
        await using var gateway = await TestGateway.StartAsync(azurite, PerAddress, builder => builder.Services.AddSingleton<FindAppKey>((_, _, _) =>
        {
            Interlocked.Increment(ref lookups);
            return ValueTask.FromResult<AppKeySecrets?>(null);
        }));
        var stranger = gateway.As("demo").With(new AppKey(1, "demo.1", "guessed", "t", "guessed"));

        var answers = await CrowdAsync(_ => stranger.GetAsync("/mtls/account/demo/certificates"));

        AssertThrottled(answers, HttpStatusCode.Unauthorized);
        Assert.Equal(answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized), lookups);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/api/account/demo/service/baseURI.json")]
    [InlineData("/sentinel/well-known/jwks")]
    public async Task What_is_open_to_everybody_is_throttled_too(string path)
    {
        await using var gateway = await TestGateway.StartAsync(azurite, PerAddress);

        AssertThrottled(await CrowdAsync(_ => gateway.WithToken("demo", null).GetAsync(path)), HttpStatusCode.OK);
    }

    [Fact]
    public async Task Behind_a_front_end_each_address_that_it_names_has_a_limit_of_its_own()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>(PerAddress) { ["Throttle:TrustedAddressHeader"] = "X-Azure-ClientIP" });
        Task<Answer> From(string address) => gateway.WithToken("demo", null).SendAsync(HttpMethod.Get, "/health", headers: ("X-Azure-ClientIP", address));

        var different = await CrowdAsync(number => From($"192.0.2.{number}"));
        var spoofed = await CrowdAsync(number => From($"198.51.100.{number}, 203.0.113.1"));

        Assert.All(different, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        AssertThrottled(spoofed, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Too_many_requests_of_one_account_touch_no_other()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, PerAccount);

        var answers = await CrowdAsync(_ => gateway.As("demo").GetAsync("/mtls/account/demo/certificates"));

        AssertThrottled(answers, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await gateway.As("other").GetAsync("/mtls/account/other/certificates")).Status);
    }

    [Fact]
    public async Task Who_may_not_act_for_an_account_takes_nothing_from_its_limit()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, PerAccount);

        var foreign = await CrowdAsync(_ => gateway.As("stranger").GetAsync("/mtls/account/demo/certificates"));
        var powerless = await CrowdAsync(_ => gateway.As("demo", "MTLS_FORWARD").GetAsync("/mtls/account/demo/certificates"));

        Assert.All(foreign.Concat(powerless), answer => answer.IsProblem(HttpStatusCode.Forbidden, "forbidden"));
        Assert.Equal(HttpStatusCode.OK, (await gateway.As("demo").GetAsync("/mtls/account/demo/certificates")).Status);
    }

    [Fact]
    public async Task A_change_counts_once()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>(PerAddress) { ["Throttle:RequestsPerSecondPerAccount"] = "1" });

        for (var change = 1; change <= 2; change++)
            Assert.Equal(HttpStatusCode.BadRequest, (await gateway.As("demo").PostAsync("/mtls/account/demo/app-keys", new JsonObject())).Status);
    }

    private static Task<Answer[]> CrowdAsync(Func<int, Task<Answer>> send) => Task.WhenAll(Enumerable.Range(1, Crowd).Select(send));

    private static void AssertThrottled(Answer[] answers, HttpStatusCode otherwise)
    {
        var throttled = answers.Where(answer => answer.Status == HttpStatusCode.TooManyRequests).ToArray();
        Assert.NotEmpty(throttled);
        Assert.InRange(answers.Length - throttled.Length, 2, Crowd - 1);
        Assert.All(answers.Except(throttled), answer => Assert.Equal(otherwise, answer.Status));
        Assert.All(throttled, answer =>
        {
            answer.IsProblem(HttpStatusCode.TooManyRequests, "throttled");
            Assert.InRange(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 2);
            Assert.Null(answer.Header("WWW-Authenticate"));
        });
    }
}
