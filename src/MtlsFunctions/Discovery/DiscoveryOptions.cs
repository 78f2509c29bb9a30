namespace MtlsFunctions.Discovery;

/// <summary>Section <c>Discovery</c>: the hosts that clients are sent to.</summary>
public sealed class DiscoveryOptions
{
    public const string Section = "Discovery";

    /// <summary>Host (with its port, if it needs one) under which callers reach this deployment. Default: that of <c>OAuth:PublicBaseUrl</c>, or the one that the caller used where <c>OAuth:Hosts</c> has it.</summary>
    public string Host { get; init; } = "";

    /// <summary>Another host for one service: <c>Discovery:Hosts:{service}</c>. Default: all point here.</summary>
    public Dictionary<string, string> Hosts { get; init; } = [];
}
