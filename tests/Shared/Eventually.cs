using System.Diagnostics;

namespace MtlsFunctions.Shared;

/// <summary>For what happens beside a request: asks again until it has happened, or fails.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<T> GetAsync<T>(Func<Task<T>> get, Func<T, bool> isThere)
    {
        var asking = Stopwatch.StartNew();
        while (true)
        {
            var found = await get();
            if (isThere(found))
                return found;
            if (asking.Elapsed > Patience)
                throw new TimeoutException($"Still {found} after {Patience.TotalSeconds} seconds.");
            await Task.Yield();
        }
    }

    public static Task TrueAsync(Func<bool> isTrue) => GetAsync(() => Task.FromResult(isTrue()), found => found);
}
