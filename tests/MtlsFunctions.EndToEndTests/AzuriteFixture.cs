using MtlsFunctions.EndToEndTests;
using MtlsFunctions.LocalHost.Azurite;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace MtlsFunctions.EndToEndTests;

/// <summary>One real Azurite for all tests; each gateway has a table of its own in it.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteServer? server;

    public string ConnectionString => server!.ConnectionString;

    public async ValueTask InitializeAsync() =>
        server = await AzuriteServer.StartAsync(dataFolder: null, port: 0, Console.Error.WriteLine, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
