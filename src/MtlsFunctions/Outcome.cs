using System.Diagnostics.CodeAnalysis;

namespace MtlsFunctions;

/// <summary>A value, or the expected failure that took its place. Exceptions are left for surprises.</summary>
public readonly struct Outcome<T>
{
    private readonly T? value;
    private readonly Failure? failure;

    private Outcome(T? value, Failure? failure)
    {
        this.value = value;
        this.failure = failure;
    }

    /// <summary>Exactly one of <paramref name="value"/> and <paramref name="failure"/> is set: the value when this returns true.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Failure? failure)
    {
        value = this.value;
        failure = this.failure;
        return failure is null;
    }

    [SuppressMessage("Usage", "CA2225", Justification = "TryGet is the way out, there is no named way in.")]
    public static implicit operator Outcome<T>(T value) => new(value, null);

    [SuppressMessage("Usage", "CA2225", Justification = "TryGet is the way out, there is no named way in.")]
    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);
}
