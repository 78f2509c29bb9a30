using System.ComponentModel.DataAnnotations;

namespace MtlsFunctions.Authorization;

/// <summary>Section <c>Throttle</c>: token buckets, each with a burst of twice its rate. They hold per instance: a deployment of five lets five times as much through.</summary>
public sealed class ThrottleOptions
{
    public const string Section = "Throttle";

    /// <summary>Requests a second of one calling address (of one /64 for IPv6). Default 10, as documented; LocalHost's default is 1,000,000.</summary>
    [Range(1, 10_000_000)]
    public int RequestsPerSecondPerAddress { get; init; } = 10;

    /// <summary>Requests a second of one account. Default 1,000; LocalHost's default is 1,000,000.</summary>
    [Range(1, 10_000_000)]
    public int RequestsPerSecondPerAccount { get; init; } = 1_000;

    /// <summary>
    /// Header in which a trusted front end names the calling address; of several values the last counts, which the front end
    /// itself has added. Default: none, the address of the connection counts; behind a front end all callers would share one bucket then.
    /// </summary>
    public string TrustedAddressHeader { get; init; } = "";
}
