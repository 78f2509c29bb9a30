using FunctionsTestHost;
using Microsoft.Extensions.Configuration;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>The published app under a Functions host of our own, on the stores of a gateway that runs under Kestrel.</summary>
public static class Workers
{
    public static async Task<FunctionsHost> BesideAsync(TestGateway gateway, IReadOnlyDictionary<string, string?>? settings = null) =>
        await FunctionsHost.StartAsync(
            new FunctionsHostOptions
            {
                AppDirectory = await PublishedApp.FolderAsync(),
                Environment = gateway.Settings.AsEnumerable().Where(setting => setting.Value is not null).Concat(settings ?? new Dictionary<string, string?>())
                    .GroupBy(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal)).ToDictionary(name => name.Key, name => name.Last().Value),
            },
            TestContext.Current.CancellationToken);

    /// <summary>The same caller at the worker.</summary>
    public static GatewayClient As(this FunctionsHost host, TestGateway gateway, string account) => new(host.Url, account, gateway.Issuer.Token(account, "MTLS_WRITE_INTERNAL"));
}
