namespace MtlsFunctions.Benchmarks;

internal static class OutcomeExtensions
{
    /// <exception cref="InvalidOperationException">It failed, so what was measured is not what was meant.</exception>
    public static T OrThrow<T>(this Outcome<T> outcome) =>
        outcome.TryGet(out var value, out var failure) ? value : throw new InvalidOperationException($"{failure.Kind}: {failure.Detail}");
}
