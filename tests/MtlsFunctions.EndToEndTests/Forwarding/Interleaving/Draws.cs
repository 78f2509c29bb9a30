namespace MtlsFunctions.EndToEndTests.Forwarding.Interleaving;

/// <summary>Choices that a seed decides (SplitMix64): the same seed, the same choices. For one task at a time.</summary>
internal sealed class Draws(ulong seed)
{
    private ulong state = seed;

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public bool OneIn(int chances) => Below(chances) == 0;

    public T OneOf<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>For another task.</summary>
    public Draws Fork() => new(Next());

    private ulong Next()
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
