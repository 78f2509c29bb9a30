namespace MtlsFunctions.LocalHost;

/// <summary>What LocalHost sets by itself, so that a fresh clone works without any file.</summary>
public static class Defaults
{
    public const string DataFolder = ".local";
    public const int SandboxPort = 7443;

    // The port of Core Tools.
    private const string FixedUrl = "http://127.0.0.1:7071";
    private const string AnyUrl = "http://127.0.0.1:0";

    public static string Url(Flags flags) => flags.Ephemeral ? AnyUrl : FixedUrl;

    /// <summary>Defaults below the person's settings; above them only what a flag fixes.</summary>
    /// <param name="storage">The connection string of a local table service; null when configuration names another.</param>
    public static IConfiguration Compose(
        IConfiguration settings, Flags flags, DataFolder data, string? storage, string sandboxRoot, string issuerMetadata, LocalAccounts accounts)
    {
        var below = new Dictionary<string, string?>
        {
            ["Forwarding:AllowedNetworksForMappedOnly"] = "false",
            ["Limits:ConcurrentRequestsPerAccount"] = "1000000",
            ["Authorization:Issuers:localhost:Issuer"] = LocalIssuer.Name,
            ["Authorization:Issuers:localhost:MetadataAddress"] = issuerMetadata,
            ["Authorization:Issuers:localhost:DangerousAllowHttpMetadata"] = "true",
            ["Authorization:Issuers:localhost:Accounts:0"] = "*",
            ["OAuth:Hosts:0"] = "*",
            ["Health:OperatorAccounts:0"] = "demo",
            ["Throttle:RequestsPerSecondPerAddress"] = "1000000",
            ["Throttle:RequestsPerSecondPerAccount"] = "1000000",
            ["Accounts:Enabled"] = "true",
            ["Logging:LogLevel:Default"] = "Warning",
            ["Logging:LogLevel:MtlsFunctions"] = "Information",
        };
        foreach (var (name, value) in accounts.Settings)
            below[name] = value;
        var above = new Dictionary<string, string?>();
        Append("Forwarding:TrustedRoots", sandboxRoot);
        // The sandbox stays within reach, whatever else may be called.
        Append("Forwarding:AllowedNetworks", "127.0.0.1/32", "::1/128");
        if (flags.Ephemeral || string.IsNullOrEmpty(settings["LocalVault:Folder"]))
            above["LocalVault:Folder"] = data.Folder("vault");
        if (storage is not null)
            above["Storage:ConnectionString"] = storage;
        return new ConfigurationBuilder().AddInMemoryCollection(below).AddConfiguration(settings).AddInMemoryCollection(above).Build();

        void Append(string list, params string[] values)
        {
            var first = FreeIndex(settings, list);
            for (var at = 0; at < values.Length; at++)
                above[$"{list}:{first + at}"] = values[at];
        }
    }

    // The sandbox stays trusted beside whatever roots are configured.
    private static int FreeIndex(IConfiguration settings, string list)
    {
        var index = 0;
        while (settings[$"{list}:{index}"] is not null)
            index++;
        return index;
    }
}
