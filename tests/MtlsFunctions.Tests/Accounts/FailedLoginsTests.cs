using Microsoft.Extensions.Options;
using MtlsFunctions.Accounts;

namespace MtlsFunctions.Tests.Accounts;

/// <summary>Whose failures count against whom.</summary>
public sealed class FailedLoginsTests : IDisposable
{
    private const string Ann = "demo\nann";
    private const string Home = "192.0.2.1";
    private const string Stranger = "198.51.100.7";

    private readonly FailedLogins failures = new(Options.Create(new AccountOptions { AttemptsPerMinute = 3, AttemptsPerMinuteFromEverywhere = 10 }));

    [Fact]
    public void A_strangers_failures_do_not_hold_up_the_owner_elsewhere()
    {
        Fail(Ann, Stranger, 3);

        Assert.Equal(FailureKind.Throttled, failures.Refuse(Ann, Stranger)?.Kind);
        Assert.Null(failures.Refuse(Ann, Home));
    }

    [Fact]
    public void Many_networks_together_cannot_guess_on()
    {
        for (var network = 0; network < 10; network++)
            Fail(Ann, $"198.51.100.{network}", 1);

        Assert.Equal(FailureKind.Throttled, failures.Refuse(Ann, Stranger + "0")?.Kind);
        Assert.Null(failures.Refuse("demo\nbob", Stranger));
    }

    [Fact]
    public void Where_the_owner_has_logged_in_before_many_strangers_do_not_lock_the_owner_out()
    {
        failures.Succeeded(Ann, Home);
        for (var network = 0; network < 20; network++)
            Fail(Ann, $"198.51.100.{network}", 1);

        Assert.Null(failures.Refuse(Ann, Home));
        Assert.Equal(FailureKind.Throttled, failures.Refuse("demo\nann", "203.0.113.9")?.Kind);
    }

    [Fact]
    public void Where_the_owner_has_logged_in_before_guesses_are_counted_all_the_same()
    {
        failures.Succeeded(Ann, Home);
        Fail(Ann, Home, 3);

        Assert.Equal(FailureKind.Throttled, failures.Refuse(Ann, Home)?.Kind);
    }

    [Fact]
    public void However_many_networks_another_name_logs_in_from_the_owners_network_is_remembered()
    {
        failures.Succeeded(Ann, Home);
        for (var network = 0; network < 250_000; network++)
            failures.Succeeded("demo\nbob", $"2001:db8:{network}::");
        for (var network = 0; network < 20; network++)
            Fail(Ann, $"198.51.100.{network}", 1);

        Assert.Null(failures.Refuse(Ann, Home));
    }

    [Fact]
    public void Asking_counts_nothing()
    {
        for (var ask = 0; ask < 100; ask++)
            Assert.Null(failures.Refuse(Ann, Home));
    }

    public void Dispose() => failures.Dispose();

    private void Fail(string name, string network, int times)
    {
        for (var time = 0; time < times; time++)
            failures.Failed(name, network);
    }
}
