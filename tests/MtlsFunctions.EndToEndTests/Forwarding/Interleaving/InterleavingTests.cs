using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using MtlsFunctions.EndToEndTests.Resilience;

namespace MtlsFunctions.EndToEndTests.Forwarding.Interleaving;

/// <summary>
/// Many accounts forward the same URLs through one gateway, each with certificates, versions and trust of its own, some with the very
/// same certificate, while all of that is changed: nobody ever goes out as somebody else.
/// </summary>
public sealed class InterleavingTests(AzuriteFixture azurite)
{
    private const int Accounts = 12;
    private const int Forwarded = 5_000;
    private const int Callers = 16;
    private const int Changers = 4;

    /// <summary>Set to the seed that a failure names, it makes the same plan again.</summary>
    private const string SeedVariable = "INTERLEAVING_SEED";

    private static readonly Dictionary<string, string?> Settings = new()
    {
        // Fewer than the identities in use, so that handlers are retired and made anew as well.
        ["Forwarding:MaxHandlers"] = "90",
        // The looks at revisions go on beside requests, however slow the machine is.
        ["Runtime:MaxLag"] = "01:00:00",
    };

    private readonly Forwards forwards = new();

    [Fact]
    public async Task Whatever_is_changed_meanwhile_nobody_goes_out_as_somebody_else()
    {
        var seed = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } given
            ? ulong.Parse(given, CultureInfo.InvariantCulture) : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        var draws = new Draws(seed);
        await using var gateway = await TestGateway.StartAsync(azurite, Settings, Resilient.Quiet);
        await using var remotes = await Remotes.StartAsync(gateway.Pki);
        using var handlers = gateway.Measure<long>("mtls.handler.requests");
        using var evictions = gateway.Measure<long>("mtls.handler.evictions");
        var changes = new Changes(remotes.Places, remotes.Trusts, [.. Enumerable.Range(0, 3).Select(_ => gateway.Pki.IssueClient())], gateway.Pki);
        ChangingAccount[] accounts = [.. Enumerable.Range(0, Accounts).Select(number => new ChangingAccount(gateway.As($"account{number}"), $"account{number}"))];
        await Task.WhenAll(accounts.Select(account => changes.SetUpAsync(account, draws.Fork())));

        // Every place at once: what was there before a change would be seen if it were still in use.
        changes.Acknowledged = (account, own) => Task.WhenAll(remotes.Places.Select(place => forwards.SendAsync(account, place, own)));
        var changing = Parallel.ForEachAsync(
            accounts.Select((account, number) => (Number: number, Account: account, Draws: draws.Fork())).ToArray(),
            new ParallelOptions { MaxDegreeOfParallelism = Changers, CancellationToken = TestContext.Current.CancellationToken },
            async (one, _) => await changes.MakeAsync(one.Number, one.Account, one.Draws));
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallAsync(draws.Fork())).Append(changing));

        var verdict = new Verdict(remotes, forwards.All);
        Assert.True(!verdict.Faults().Any(), $"{SeedVariable}={seed}\n{string.Join('\n', verdict.Faults().Take(10).Concat(Complaints()))}");
        // Where a new version isn't loaded within two seconds, which happens to slow machines, the one before stands in. The gateway counts that.
        Assert.InRange(verdict.StoodIn, 0, handlers.GetMeasurementSnapshot().Count(asked => asked.MatchesTags(new KeyValuePair<string, object?>(Telemetry.Result, "stand-in"))));
        ProvesSomething();

        async Task CallAsync(Draws own)
        {
            while (forwards.Count < Forwarded || !changing.IsCompleted)
                await forwards.SendAsync(own.OneOf(accounts), own.OneOf([.. remotes.Places, remotes.Unmapped]), own);
        }

        IEnumerable<string> Complaints() => gateway.Log.Lines.Where(line => line.Level >= LogLevel.Error).Take(3).Select(line => line.Text);

        void ProvesSomething()
        {
            var outcomes = forwards.All.CountBy(sent => (sent.Status, sent.Error, sent.Thumbprint is null)).ToDictionary();
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{SeedVariable}={seed}: {forwards.Count} forwards ({string.Join(", ", outcomes)}), {verdict.InFlight} of them while it changed; {verdict.Identities.Count} identities "
                + $"on {verdict.Connections} connections, {remotes.Tap.Resumed} sessions resumed, {evictions.GetMeasurementSnapshot().Count} handlers retired; {string.Join(", ", changes.Made)}");
            Assert.All(
                [(HttpStatusCode.OK, null, true), (HttpStatusCode.BadRequest, "no-mapping", true), (HttpStatusCode.FailedDependency, "tls-untrusted", true), (HttpStatusCode.ServiceUnavailable, "certificate-unusable", true)],
                outcome => Assert.InRange(outcomes[outcome], 5, int.MaxValue));
            Assert.InRange(outcomes[(HttpStatusCode.OK, null, false)], Forwarded / 2, int.MaxValue);
            Assert.All(
                ["certificate.replace", "certificate.rollback", "certificate.disable", "certificate.delete", "mapping.certificate", "mapping.trust", "mapping.disable", "mapping.delete"],
                kind => Assert.InRange(changes.Made[kind], Accounts / 2, int.MaxValue));
            Assert.InRange(verdict.InFlight, 10, int.MaxValue);
            Assert.InRange(verdict.Identities.Count, 4 * Accounts, int.MaxValue);
            // Used again and again, and by new handshakes and resumed sessions alike.
            Assert.InRange(verdict.Connections, verdict.Identities.Count, forwards.Count / 4);
            Assert.InRange(remotes.Tap.Resumed, 10, int.MaxValue);
            Assert.NotEmpty(evictions.GetMeasurementSnapshot());
        }
    }
}
