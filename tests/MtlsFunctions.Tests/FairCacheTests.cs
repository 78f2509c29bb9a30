namespace MtlsFunctions.Tests;

/// <summary>One full cache, several accounts.</summary>
public sealed class FairCacheTests
{
    [Fact]
    public void A_flood_of_one_takes_from_that_one_alone()
    {
        var cache = new FairCache<string, string>(100);
        for (var at = 0; at < 40; at++)
            cache.Set($"quiet {at}", "quiet", "value");
        for (var at = 0; at < 10_000; at++)
            cache.Set($"loud {at}", "loud", "value");

        Assert.Equal(40, Kept(cache, "quiet", 40));
        Assert.InRange(Kept(cache, "loud", 10_000), 40, 60);
    }

    [Fact]
    public void A_flood_of_large_entries_counts_for_what_it_holds()
    {
        var cache = new FairCache<string, string>(100);
        for (var at = 0; at < 40; at++)
            cache.Set($"quiet {at}", "quiet", "value");
        for (var at = 0; at < 1_000; at++)
            cache.Set($"loud {at}", "loud", "value", weighs: 20);

        Assert.Equal(40, Kept(cache, "quiet", 40));
        Assert.InRange(Kept(cache, "loud", 1_000), 1, 3);
    }

    [Fact]
    public void Of_ones_own_what_was_used_longest_ago_goes_first()
    {
        var cache = new FairCache<string, string>(20);
        for (var at = 0; at < 200; at++)
        {
            cache.Set($"{at}", "own", "value");
            Assert.NotNull(cache.Find("0"));
        }

        Assert.NotNull(cache.Find("199"));
        Assert.Null(cache.Find("1"));
    }

    [Fact]
    public void Many_with_one_entry_each_lose_the_oldest_and_not_all()
    {
        var cache = new FairCache<string, string>(100);
        for (var at = 0; at < 101; at++)
            cache.Set($"{at}", $"account {at}", "value");

        Assert.Equal(90, Enumerable.Range(0, 101).Count(at => cache.Find($"{at}") is not null));
        Assert.Null(cache.Find("0"));
        Assert.NotNull(cache.Find("100"));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, 11)]
    public void What_is_heavier_than_the_whole_is_not_kept_and_takes_nothing(int capacity, int weighs)
    {
        var cache = new FairCache<string, string>(capacity);
        for (var at = 0; at < capacity; at++)
            cache.Set($"{at}", "own", "value");
        cache.Set("heavy", "other", "value", weighs);

        Assert.Null(cache.Find("heavy"));
        Assert.Equal(capacity, Kept(cache, "", capacity));
    }

    [Fact]
    public void Setting_again_and_removing_keep_the_balance()
    {
        var cache = new FairCache<string, string>(100);
        for (var round = 0; round < 1_000; round++)
        {
            cache.Set("same", "own", $"{round}", weighs: 1 + (round % 50));
            cache.Set("gone", "own", "value", weighs: 40);
            cache.Remove("gone");
        }

        cache.Set("other", "other", "value", weighs: 45);
        Assert.Equal(("999", "value"), (cache.Find("same"), cache.Find("other")));
    }

    [Fact]
    public async Task However_many_add_at_once_the_bound_holds_and_the_quiet_one_stays()
    {
        var cache = new FairCache<string, string>(1_000);
        for (var at = 0; at < 100; at++)
            cache.Set($"quiet {at}", "quiet", "value");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(loud => Task.Run(() =>
        {
            for (var at = 0; at < 5_000; at++)
                cache.Set($"loud {loud} {at}", $"loud {loud}", "value");
        }, TestContext.Current.CancellationToken)));
        cache.Set("last", "loud", "value");

        Assert.Equal(100, Kept(cache, "quiet", 100));
        Assert.InRange(Enumerable.Range(0, 8).Sum(loud => Kept(cache, $"loud {loud}", 5_000)), 1, 1_000);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 511)]
    [InlineData(2, 512)]
    [InlineData(17, 8_192)]
    public void An_entry_weighs_what_it_holds(int units, int characters) =>
        Assert.Equal(units, FairShare.WeightOf(null, new string('x', characters)));

    private static int Kept(FairCache<string, string> cache, string owner, int entries) =>
        Enumerable.Range(0, entries).Count(at => cache.Find($"{owner} {at}".TrimStart()) is not null);
}
