using Microsoft.AspNetCore.Server.Kestrel.Https;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>A gateway and a remote endpoint that asks for certificates but demands none, for a class of tests. Each test has its own account and paths.</summary>
public class RemoteFixture(AzuriteFixture azurite) : AccountsFixture(azurite)
{
    private MtlsServer? remote;

    public MtlsServer Remote => remote!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        remote = await MtlsServer.StartAsync(Gateway.Pki, options => options.ClientCertificates = ClientCertificateMode.AllowCertificate);
    }

    /// <summary>A URL of the remote that nobody else uses.</summary>
    public string NewUrl() => $"{Remote.Url}/{Guid.NewGuid():N}?q=1";

    /// <summary>What the remote has seen under a URL of <see cref="NewUrl"/>.</summary>
    public ReceivedRequest[] Seen(string url) => [.. Remote.Received.Where(request => url.EndsWith(request.RawTarget, StringComparison.Ordinal))];

    public override async ValueTask DisposeAsync()
    {
        if (remote is not null)
            await remote.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
