using System.Text.Json;

namespace MtlsFunctions.LocalHost;

/// <summary>Settings in the order in which they override each other: LocalHost's defaults, local.settings.json, environment variables.</summary>
public static class LocalSettings
{
    public const string FileName = "local.settings.json";

    private static readonly JsonDocumentOptions AsCoreToolsRead = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="file">Path of a local.settings.json, which may be missing.</param>
    /// <exception cref="LocalHostException">The file can't be read as one.</exception>
    public static IConfigurationRoot Read(string file) => new ConfigurationBuilder()
        .AddInMemoryCollection(ReadFile(file))
        .AddEnvironmentVariables()
        .Build();

    /// <summary>What one file says, without the environment.</summary>
    public static IConfigurationRoot ReadFileOnly(string file) => new ConfigurationBuilder().AddInMemoryCollection(ReadFile(file)).Build();

    /// <summary>Core Tools turn each entry of <c>Values</c> into an environment variable, so <c>__</c> separates sections here too.</summary>
    private static Dictionary<string, string?> ReadFile(string file)
    {
        if (!File.Exists(file))
            return [];
        try
        {
            using var settings = JsonDocument.Parse(File.ReadAllBytes(file), AsCoreToolsRead);
            var root = settings.RootElement;
            if (root.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind == JsonValueKind.True)
                throw new LocalHostException($"{file} is encrypted: run 'func settings decrypt', or remove the file.");
            return !root.TryGetProperty("Values", out var values)
                ? []
                : values.EnumerateObject().ToDictionary(
                    value => value.Name.Replace("__", ":", StringComparison.Ordinal), value => (string?)value.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new LocalHostException($"{file} is not a local settings file: {fault.Message}");
        }
    }
}
