namespace MtlsFunctions.Authorization;

/// <summary>What a credential may do; the names on the wire are in <see cref="Permissions"/>.</summary>
[Flags]
public enum Permission
{
    None = 0,

    /// <summary>Read, check, test a p12; forward with methods that change nothing.</summary>
    Read = 1,

    /// <summary>Check, and forward with any method; nothing else.</summary>
    Forward = 2,

    /// <summary>Everything.</summary>
    Write = 4,
}

/// <summary>Permission names as tokens and app keys carry them (api.md, section 3).</summary>
public static class Permissions
{
    private static readonly Dictionary<string, Permission> ByName = new(StringComparer.Ordinal)
    {
        ["MTLS_READ_INTERNAL"] = Permission.Read,
        ["MTLS_FORWARD"] = Permission.Forward,
        ["mtls.external"] = Permission.Forward,
        ["MTLS_WRITE_INTERNAL"] = Permission.Write,
    };

    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Names that mean nothing here grant nothing.</summary>
    public static Permission Parse(IEnumerable<string> names) =>
        names.Aggregate(Permission.None, (granted, name) => granted | ByName.GetValueOrDefault(name));
}
