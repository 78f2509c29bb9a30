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

    /// <summary>Requests that one instance is meant to work on at a time. Default 100; the template sets it to its <c>httpConcurrency</c>.</summary>
    [Range(1, 1_000_000)]
    public int ConcurrentRequests { get; init; } = 100;

    /// <summary>
    /// Requests of one account that one instance works on at a time; further ones get 503 <c>busy</c>. Default, also when empty: a quarter of
    /// <c>ConcurrentRequests</c>. LocalHost's default is 1,000,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? ConcurrentRequestsPerAccount { get; init; }

    /// <summary>Not a setting: what the two above lead to.</summary>
    public int MostRequestsPerAccount => ConcurrentRequestsPerAccount ?? Math.Max(1, ConcurrentRequests / 4);
}
