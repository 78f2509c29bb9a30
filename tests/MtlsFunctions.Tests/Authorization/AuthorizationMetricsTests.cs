using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using MtlsFunctions.Accounts;
using MtlsFunctions.Authorization;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>What authorization tells of its work, with nothing about who asked.</summary>
public sealed class AuthorizationMetricsTests
{
    [Fact]
    public async Task Token_checks_are_told_apart_by_whether_the_token_was_known()
    {
        await using var verifier = await Verifier.StartAsync();
        using var checks = new MetricCollector<long>(verifier.Meters, Telemetry.Name, "mtls.token.checks");
        var token = verifier.Token();

        await verifier.AdmitsAsync(token);
        await verifier.AdmitsAsync(token);
        await verifier.RefusesAsync(token[..^4] + "AAAA");
        await verifier.RefusesAsync("nothing");

        Assert.Equal(["miss", "hit", "refused", "refused"], checks.GetMeasurementSnapshot().Select(one => one.Tags["mtls.result"]));
        Assert.All(checks.GetMeasurementSnapshot(), one => Assert.Equal((1, 1), (one.Value, one.Tags.Count)));
    }

    [Fact]
    public async Task Logins_that_come_too_fast_are_counted()
    {
        using var meters = new Meters();
        using var throttled = new MetricCollector<long>(meters, Telemetry.Name, "mtls.throttled");
        using var failures = new FailedLogins(Microsoft.Extensions.Options.Options.Create(new AccountOptions { AttemptsPerMinute = 1 }));
        var secrets = new Secrets(
            new Microsoft.AspNetCore.Identity.PasswordHasher<string>(), failures, new HashingQueue(TimeProvider.System), new AuthorizationMetrics(meters));

        for (var attempt = 1; attempt <= 3; attempt++)
            await secrets.RefuseAsync("demo\nann", "192.0.2.1", hash: null, "guessed", TestContext.Current.CancellationToken);

        Assert.Equal(["login", "login"], throttled.GetMeasurementSnapshot().Select(one => one.Tags["mtls.throttle.scope"]));
    }
}
