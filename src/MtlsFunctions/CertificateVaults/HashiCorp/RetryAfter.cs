namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>How long the vault asks us to wait.</summary>
internal static class RetryAfter
{
    /// <summary>Null when it doesn't say.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider clock) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero,
        _ => null,
    };
}
