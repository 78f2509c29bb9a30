using FunctionsTestHost;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>Two instances on the same stores: LocalHost's server and the shipped worker; and a remote endpoint that both forward to.</summary>
public sealed class WorkerFixture(AzuriteFixture azurite) : IAsyncLifetime
{
    private TestGateway? gateway;
    private FunctionsHost? host;

    public TestGateway Gateway => gateway!;

    public FunctionsHost Host => host!;

    public async ValueTask InitializeAsync()
    {
        gateway = await TestGateway.StartAsync(azurite);
        host = await Workers.BesideAsync(gateway);
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        if (gateway is not null)
            await gateway.DisposeAsync();
    }
}

/// <summary>One worker for all tests that don't end it.</summary>
[CollectionDefinition(Name)]
public sealed class WorkerTests : ICollectionFixture<WorkerFixture>
{
    public const string Name = "worker";
}
