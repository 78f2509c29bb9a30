using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

// Not named like its folder: a namespace "Console" would hide System.Console from everything below MtlsFunctions.
namespace MtlsFunctions.SelfService;

/// <summary>
/// Every file of the console, read from the assembly and compressed once. Requests choose among these by name, and no path of a request
/// ever leads to a file system.
/// </summary>
public sealed class ConsoleAssets
{
    private const string Prefix = "console/";
    private const string Index = "index.html";
    private const string VersionMark = "{version}";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
    };

    private readonly FrozenDictionary<string, ConsoleAsset> assets;

    public ConsoleAssets()
    {
        var files = Names.ToDictionary(name => name, Read, StringComparer.Ordinal);
        Version = VersionOf(files);
        files[Index] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(files[Index]).Replace(VersionMark, Version, StringComparison.Ordinal));
        PageScript = ScriptOf(Encoding.UTF8.GetString(files[Index]));
        assets = files.ToFrozenDictionary(file => file.Key, file => ConsoleAsset.Of(file.Value, Types[Path.GetExtension(file.Key)]), StringComparer.Ordinal);
        Page = assets[Index];
    }

    /// <summary>Names of all files, the page among them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(ConsoleAssets).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// A hash of all files together. It stands in the path, so that modules find each other by relative names and a change of any one
    /// gives all of them new addresses.
    /// </summary>
    public string Version { get; }

    /// <summary>The page, which names the version.</summary>
    public ConsoleAsset Page { get; }

    /// <summary>SHA-256 of the one script that stands in the page itself, as a Content-Security-Policy names it.</summary>
    public string PageScript { get; }

    /// <returns>Null for a name or a version that this build doesn't have.</returns>
    public ConsoleAsset? Find(string version, string name) => version == Version && name != Index ? assets.GetValueOrDefault(name) : null;

    /// <summary>As it was built in.</summary>
    public static byte[] Read(string name)
    {
        using var resource = typeof(ConsoleAssets).Assembly.GetManifestResourceStream(Prefix + name)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    private static string ScriptOf(string page)
    {
        const string Begin = "<script>";
        var start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var script = page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)];
        return $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}";
    }

    private static string VersionOf(Dictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Names)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{files[name].Length}\n"));
            hash.AppendData(files[name]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
