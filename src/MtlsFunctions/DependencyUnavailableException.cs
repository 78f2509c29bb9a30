namespace MtlsFunctions;

/// <summary>Something this app depends on can't be reached, after the bounded tries of its client. The gate answers 503 with Retry-After.</summary>
public sealed class DependencyUnavailableException(FailureKind kind, Exception cause) : Exception($"{kind}", cause)
{
    public FailureKind Kind => kind;
}
