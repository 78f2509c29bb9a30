using System.ComponentModel.DataAnnotations;

namespace MtlsFunctions;

/// <summary>Section <c>Limits</c>: what holds for every request.</summary>
public sealed class GatewayLimits
{
    public const string Section = "Limits";

    /// <summary>
    /// Largest request body in bytes, that of a forward included. Default 210 MB (220,200,960), the limit of the Functions host;
    /// there a larger value has no effect, LocalHost takes any.
    /// </summary>
    [Range(1, long.MaxValue)]
    public long MaxRequestBodyBytes { get; init; } = 210L * 1024 * 1024;
}
