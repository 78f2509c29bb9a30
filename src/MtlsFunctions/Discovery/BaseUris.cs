using System.Text.Json.Serialization;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Discovery;

/// <summary>Which host serves which service: bare hosts, as the documentation shows them.</summary>
public sealed class BaseUris(IOptions<DiscoveryOptions> options, IOptions<OAuthOptions> hosts)
{
    /// <summary>The names that clients look up; case-sensitive.</summary>
    private static readonly string[] Services = ["mtlsGateway", "accountConfigReadWrite", "sentinel", "agentVep"];

    public IEnumerable<BaseUri> All(HttpRequest request, string accountId) =>
        Services.Select(service => new BaseUri(service, accountId, HostOf(service, request)));

    /// <returns>Null for a service that doesn't exist.</returns>
    public BaseUri? Find(HttpRequest request, string accountId, string service) =>
        Services.Contains(service, StringComparer.Ordinal) ? new BaseUri(service, accountId, HostOf(service, request)) : null;

    private string HostOf(string service, HttpRequest request) =>
        options.Value.Hosts.TryGetValue(service, out var elsewhere) && elsewhere.Length > 0 ? elsewhere
        : options.Value.Host.Length > 0 ? options.Value.Host
        : hosts.Value.ToTell(request);
}

/// <summary>One service of an account.</summary>
public sealed record BaseUri(
    string Service,
    string Account,
    [property: JsonPropertyName("baseURI")] string Host);

/// <summary>All services of an account.</summary>
public sealed record BaseUriList([property: JsonPropertyName("baseURIs")] IReadOnlyList<BaseUri> Services);
