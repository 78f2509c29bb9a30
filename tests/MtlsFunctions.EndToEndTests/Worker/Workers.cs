using FunctionsTestHost;
using Microsoft.Extensions.Configuration;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>The published app under a Functions host of our own.</summary>
public static class Workers
{
    /// <summary>On the stores of a gateway that runs under Kestrel.</summary>
    public static Task<FunctionsHost> BesideAsync(TestGateway gateway) => OnAsync(gateway.Settings);

    public static async Task<FunctionsHost> OnAsync(IConfiguration settings) => await FunctionsHost.StartAsync(
        new FunctionsHostOptions
        {
            AppDirectory = await PublishedApp.FolderAsync(),
            Environment = settings.AsEnumerable().Where(setting => setting.Value is not null)
                .GroupBy(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal)).ToDictionary(name => name.Key, name => name.Last().Value),
        },
        TestContext.Current.CancellationToken);

    /// <summary>The same caller at the worker.</summary>
    public static GatewayClient As(this FunctionsHost host, TestGateway gateway, string account) =>
        new(host.Url, account, gateway.Issuer.Token(account, ["MTLS_WRITE_INTERNAL"]));
}
