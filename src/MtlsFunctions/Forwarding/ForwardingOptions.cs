using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Authentication;

namespace MtlsFunctions.Forwarding;

/// <summary>Section <c>Forwarding</c>.</summary>
public sealed class ForwardingOptions
{
    public const string Section = "Forwarding";

    /// <summary>
    /// Networks (CIDR) that may be reached although their addresses are private, loopback or otherwise special. Default: none.
    /// LocalHost lists 127.0.0.1/32 and ::1/128 for its sandbox.
    /// </summary>
    public List<string> AllowedNetworks { get; init; } = [];

    /// <summary>The same for given accounts alone: <c>Forwarding:AccountNetworks:{name}</c>. Default: none.</summary>
    public Dictionary<string, AccountNetworksOptions> AccountNetworks { get; init; } = [];

    /// <summary>
    /// Whether networks that are allowed by these settings are open to URLs that their account has mapped, and to no others; the p12 tester
    /// calls what isn't mapped. Default true; LocalHost's default is false.
    /// </summary>
    public bool AllowedNetworksForMappedOnly { get; init; } = true;

    /// <summary>Paths of PEM files whose roots (certificates that issued themselves) are trusted for remote endpoints, beside the system's; empty ones are passed over. Default: none.</summary>
    public List<string> TrustedRoots { get; init; } = [];

    /// <summary>
    /// Whether remotes are refused whose certificate, or one between it and its anchor, has an RSA key under 2,048 bits or is signed
    /// with SHA-1. Default false: the tester and explain warn of them.
    /// </summary>
    public bool RefuseWeakRemoteCertificates { get; init; }

    /// <summary>How long name look-up, connect and TLS handshake may take together. Default 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the remote may take, once the whole request has gone out, until its answer begins. Where a request has no body this
    /// runs from its start, so it must be longer than <see cref="ConnectTimeout"/>. Default 60 seconds.
    /// </summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a forward may stand still: no byte in either direction. Default 100 seconds.</summary>
    public TimeSpan ActivityTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The lowest TLS version that is spoken with remotes: <c>Tls12</c> or <c>Tls13</c>. Default Tls12.</summary>
    [AllowedValues(SslProtocols.Tls12, SslProtocols.Tls13)]
    public SslProtocols MinimumTlsVersion { get; init; } = SslProtocols.Tls12;

    /// <summary>Whether remotes that offer HTTP/2 are spoken to in it; false keeps to HTTP/1.1. Default true.</summary>
    public bool Http2 { get; init; } = true;

    /// <summary>How long a connection is used before it is made anew, so that names are looked up and guarded again. Default 5 minutes.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an unused connection stays open. Default 1 minute.</summary>
    public TimeSpan ConnectionIdleTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Status line and headers of an answer, at most; beyond it is <c>response-headers-too-large</c>. In bytes, full KB. Default 262,144.</summary>
    [Range(1_024, 16 * 1024 * 1024)]
    public int MaxResponseHeadersBytes { get; init; } = 256 * 1024;

    /// <summary>
    /// How long an HTTP/2 connection may be silent while requests wait on it before it is asked for a sign of life (PING); the next ones
    /// wait twice and four times as long. Default 10 seconds.
    /// </summary>
    public TimeSpan PingDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the sign of life may take; then the connection is given up with all that waits on it. Default 15 seconds.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long an HTTP/2 connection may be idle and still be used without being asked first; asked, it has 2 seconds. Default 5 seconds.
    /// </summary>
    public TimeSpan IdleBeforeAsking { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many bytes of request bodies are kept in memory for all requests together, so that what a remote has not processed can be
    /// sent again: at most 64 KB each, until the answer begins. Default 32 MB.
    /// </summary>
    [Range(0, 1L << 40)]
    public long KeptBodyBytes { get; init; } = 32L << 20;

    /// <summary>Connections to one remote endpoint for one identity, at most. Default 256.</summary>
    [Range(1, 65_535)]
    public int MaxConnectionsPerEndpoint { get; init; } = 256;

    /// <summary>
    /// Identities (account, certificate by its thumbprint, trust) whose handlers stay warm, at most. Default 2,000; above it those accounts
    /// lose some that hold more than their share, those used longest ago first.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxHandlers { get; init; } = 2_000;

    /// <summary>How long the handler of an unused identity, with its key, stays in memory. Default 10 minutes.</summary>
    public TimeSpan HandlerIdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Whether a forward without a mapping goes out by plain TLS, as documented; false refuses it like one whose caller says
    /// LP-stop-if-certificate-not-found. Default true.
    /// </summary>
    public bool AllowWithoutCertificate { get; init; } = true;

    /// <summary>
    /// Whether answers of remotes with a status of 400 or above come back as 424, with the remote's headers and body and its status
    /// in LP-upstream-status. Default false: they come back as they are.
    /// </summary>
    public bool WrapUpstreamErrors { get; init; }

    /// <summary>HTTP status of a forward that must not go without a certificate and has none. Default 400; 500 is the documented one.</summary>
    [Range(400, 599)]
    public int NoMappingStatus { get; init; } = 400;
}

/// <summary>Networks that some accounts may reach: <c>Forwarding:AccountNetworks:{name}</c>.</summary>
public sealed class AccountNetworksOptions
{
    /// <summary>The accounts. Default: none, and then nothing is opened.</summary>
    public List<string> Accounts { get; init; } = [];

    /// <summary>Networks (CIDR) that these accounts may reach beside those of everybody. Default: none.</summary>
    public List<string> Networks { get; init; } = [];
}

/// <summary>Refuses at start a network that isn't one and a root that can't be read.</summary>
public sealed class ForwardingOptionsValidator : IValidateOptions<ForwardingOptions>
{
    public ValidateOptionsResult Validate(string? name, ForwardingOptions options)
    {
        var faults = options.AllowedNetworks.Select(network => (nameof(options.AllowedNetworks), network))
            .Concat(options.AccountNetworks.SelectMany(some => some.Value.Networks.Select(network => ($"{nameof(options.AccountNetworks)}:{some.Key}", network))))
            .Where(of => !IPNetwork.TryParse(of.network, out _))
            .Select(of => $"{ForwardingOptions.Section}:{of.Item1}: '{of.network}' is not a network such as 10.1.0.0/16.")
            .Concat(options.TrustedRoots
                .Where(path => path.Length > 0 && !File.Exists(path))
                .Select(path => $"{ForwardingOptions.Section}:TrustedRoots: there is no file '{path}'."))
            .Concat(Times(options)
                .Where(time => time.Value <= TimeSpan.Zero || time.Value.TotalMilliseconds > int.MaxValue)
                .Select(time => $"{ForwardingOptions.Section}:{time.Name}: {time.Value} is not between 0 and 24 days."))
            .Concat(options.FirstByteTimeout <= options.ConnectTimeout
                ? [$"{ForwardingOptions.Section}:FirstByteTimeout: it must be longer than ConnectTimeout, {options.ConnectTimeout}."]
                : [])
            .ToArray();
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<(string Name, TimeSpan Value)> Times(ForwardingOptions options) =>
    [
        (nameof(options.ConnectTimeout), options.ConnectTimeout), (nameof(options.FirstByteTimeout), options.FirstByteTimeout),
        (nameof(options.ActivityTimeout), options.ActivityTimeout), (nameof(options.ConnectionLifetime), options.ConnectionLifetime),
        (nameof(options.PingDelay), options.PingDelay), (nameof(options.PingTimeout), options.PingTimeout),
        (nameof(options.IdleBeforeAsking), options.IdleBeforeAsking),
        (nameof(options.ConnectionIdleTimeout), options.ConnectionIdleTimeout), (nameof(options.HandlerIdleTimeout), options.HandlerIdleTimeout),
    ];
}
