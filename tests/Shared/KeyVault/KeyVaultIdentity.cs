using System.Collections.Concurrent;
using System.Security.Cryptography;
using Azure.Core;

namespace MtlsFunctions.Shared;

/// <summary>Gives the SDK tokens for Key Vault, as Entra ID would, and knows which ones it gave.</summary>
public sealed class KeyVaultIdentity : TokenCredential
{
    /// <summary>The tenant that the challenge must name.</summary>
    public const string Tenant = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346";

    private readonly ConcurrentDictionary<string, bool> valid = new();
    private int asked;
    private TaskCompletionSource? hanging;

    /// <summary>How often the SDK came for a token.</summary>
    public int Asked => Volatile.Read(ref asked);

    /// <summary>What signing in does instead of giving a token.</summary>
    public Exception? Failure { get; set; }

    /// <summary>From now on nobody gets an answer.</summary>
    /// <returns>Done when somebody waits for one.</returns>
    public Task Hang()
    {
        hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return hanging.Task;
    }

    public bool IsValid(string? authorization) =>
        authorization?.Split(' ') is ["Bearer", var token] && valid.ContainsKey(token);

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref asked);
        if (Failure is not null)
            throw Failure;
        if (requestContext.Scopes is not ["https://vault.azure.net/.default"] || requestContext.TenantId != Tenant)
            throw new InvalidOperationException($"Asked for {string.Join(' ', requestContext.Scopes)} of {requestContext.TenantId}.");
        var token = "kv-token-" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        valid[token] = true;
        return new AccessToken(token, TimeProvider.System.GetUtcNow().AddHours(1));
    }

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        if (hanging is null)
            return GetToken(requestContext, cancellationToken);
        hanging.TrySetResult();
        return await new TaskCompletionSource<AccessToken>().Task.WaitAsync(cancellationToken);
    }
}
