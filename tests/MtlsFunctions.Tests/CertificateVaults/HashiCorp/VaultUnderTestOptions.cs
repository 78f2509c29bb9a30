using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Shared.HashiCorp;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>What a test wants of its vault.</summary>
public sealed record VaultUnderTestOptions(VaultDialect Dialect)
{
    /// <summary>Of both, server and client. Default: the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How far the server's standbys are behind. Default: none answers.</summary>
    public VaultReadLag? ReadLag { get; init; }

    public string? Namespace { get; init; }

    public string Ttl { get; init; } = "20m";

    public string MaxTtl { get; init; } = "1h";

    /// <summary>The app's Azure identity. Default: one that has no token.</summary>
    public TokenCredential Identity { get; init; } = new NoIdentity();

    /// <summary>Changes the settings, after setting up what they need.</summary>
    public Func<VaultOperator, Dictionary<string, string?>, Task>? Configure { get; init; }
}

/// <summary>One more client of a vault.</summary>
public sealed class VaultInstance(ServiceProvider services) : IAsyncDisposable
{
    public ICertificateVault Vault { get; } = services.GetRequiredService<ICertificateVault>();

    /// <summary>As the host starts it.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (var service in services.GetServices<IHostedService>())
            await service.StartAsync(cancellation);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
