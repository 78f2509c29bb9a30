namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>What has been set up in one namespace; the one without a name is the root.</summary>
internal sealed class VaultNamespace
{
    public Dictionary<string, IVaultEngine> Mounts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, VaultLogins> Logins { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, VaultPolicy> Policies { get; } = new(StringComparer.Ordinal) { ["default"] = VaultPolicy.Default };

    /// <summary>Whether the token may do anything at all on the engine, which is enough to ask what it is.</summary>
    public bool Reaches(VaultToken token, string mount) =>
        token.IsRoot || (token.Home == this && token.Policies.Any(name => Policies.TryGetValue(name, out var policy) && policy.Reaches(mount)));

    /// <summary>The root token is good everywhere; any other only where it was given out.</summary>
    public bool Allows(VaultToken token, VaultRequest request) =>
        token.IsRoot || (token.Home == this && token.Policies.Any(name => Policies.TryGetValue(name, out var policy) && policy.Allows(request)));
}
