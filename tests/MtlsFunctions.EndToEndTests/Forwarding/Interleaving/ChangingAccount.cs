using System.Diagnostics;

namespace MtlsFunctions.EndToEndTests.Forwarding.Interleaving;

/// <summary>
/// One account with everything that it ever had stored. What was stored counts from the moment when the change to it began until
/// the next change was acknowledged: in between either may be seen, before and after only one.
/// </summary>
internal sealed class ChangingAccount(GatewayClient client, string name)
{
    private readonly List<(Stored Stored, long From, long Until)> history = [(Stored.Nothing, long.MinValue, long.MaxValue)];

    public GatewayClient Client => client;

    public string Name => name;

    public Stored Now => history[^1].Stored;

    /// <summary>One change at a time.</summary>
    public async Task ChangeAsync(Func<Stored, Task<Stored>> change)
    {
        var from = Stopwatch.GetTimestamp();
        var next = await change(Now);
        history[^1] = history[^1] with { Until = Stopwatch.GetTimestamp() };
        history.Add((next, from, long.MaxValue));
    }

    /// <summary>Everything that was stored at some moment of that time.</summary>
    public IEnumerable<Stored> Between(long from, long until) =>
        history.Where(moment => moment.From <= until && moment.Until >= from).Select(moment => moment.Stored);

    public override string ToString() => string.Join('\n', history.Select(moment =>
        $"{moment.From}..{moment.Until}: {string.Join("; ", moment.Stored.Certificates)} | {string.Join("; ", moment.Stored.Mappings)}"));
}
