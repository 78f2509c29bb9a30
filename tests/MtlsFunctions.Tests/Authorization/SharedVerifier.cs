using System.Text.Json.Nodes;
using MtlsFunctions.Authorization;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>Two verifiers for a class whose tests leave the clock and the keys alone: making keys takes longer than the tests.</summary>
public sealed class SharedVerifier : IAsyncLifetime
{
    private Verifier? plain;
    private Verifier? own;

    /// <summary>With the default claims, Sentinel's.</summary>
    public Verifier Plain => plain!;

    /// <summary>Audience <c>mtls</c>, the account in <c>tenant</c>, the permissions in <c>roles</c>.</summary>
    public Verifier WithOwnClaims => own!;

    public async ValueTask InitializeAsync()
    {
        plain = await Verifier.StartAsync();
        own = await Verifier.StartAsync(issuer => Verifier.Trusting(new IssuerOptions
        {
            Issuer = issuer.Issuer,
            DangerousAllowHttpMetadata = true,
            Audiences = ["mtls"],
            AccountClaim = "tenant",
            PermissionClaim = "roles",
        }));
    }

    public string OwnToken(JsonNode? tenant, JsonNode? roles) => WithOwnClaims.Issuer.Token(
        new TokenRequest("mtls") { Claims = new Dictionary<string, JsonNode?> { ["tenant"] = tenant, ["roles"] = roles } });

    public async ValueTask DisposeAsync()
    {
        foreach (var verifier in new[] { plain, own })
            if (verifier is not null)
                await verifier.DisposeAsync();
    }
}
