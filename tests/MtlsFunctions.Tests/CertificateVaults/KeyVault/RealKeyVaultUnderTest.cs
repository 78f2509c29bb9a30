using System.Net;
using System.Net.Http;
using Azure.Core.Pipeline;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.CertificateVaults.KeyVault;

namespace MtlsFunctions.Tests.CertificateVaults.KeyVault;

/// <summary>A real Key Vault, with the developer's own sign-in. What the tests store there stays soft-deleted or listed: use a vault for tests.</summary>
public sealed class RealKeyVaultUnderTest : IVaultUnderTest
{
    private readonly CuttableLine line = new();

    public RealKeyVaultUnderTest(Uri uri)
    {
        var options = new KeyVaultOptions { Uri = uri, Deadline = TimeSpan.FromMinutes(1) };
        Vault = new AzureKeyVault(
            new KeyVaultClients(options, AzureIdentity.Create(new IdentityOptions(), new ConfigurationBuilder().AddEnvironmentVariables().Build()), new HttpClientTransport(line)),
            Options.Create(options), TimeProvider.System, new VaultLog<AzureKeyVault>());
    }

    /// <summary>Null when the environment names none.</summary>
    public static Uri? Address => Environment.GetEnvironmentVariable("KEYVAULT_URI") is { Length: > 0 } address ? new Uri(address) : null;

    public ICertificateVault Vault { get; }

    public Task CutOffAsync()
    {
        line.IsCut = true;
        return Task.CompletedTask;
    }

    public Task ReconnectAsync()
    {
        line.IsCut = false;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        line.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class CuttableLine() : DelegatingHandler(new SocketsHttpHandler())
    {
        public bool IsCut { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            IsCut
                ? throw new HttpRequestException(HttpRequestError.ConnectionError, "The test has cut the line.")
                : base.SendAsync(request, cancellationToken);
    }
}
