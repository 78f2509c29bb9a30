using Azure.Core;
using Azure.Data.Tables;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Storage;

/// <summary>The table, its revisions and the nonces beside it.</summary>
internal static class StorageServices
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSection<StorageOptions, StorageOptionsValidator>(configuration, StorageOptions.Section);
        services.AddSection<RuntimeOptions>(configuration, RuntimeOptions.Section);
        services.AddSingleton(provider => TableClients.Create(
            provider.GetRequiredService<IOptions<StorageOptions>>().Value, provider.GetRequiredService<TokenCredential>()));
        services.AddSingleton(provider => provider.GetRequiredService<TableServiceClient>()
            .GetTableClient(provider.GetRequiredService<IOptions<StorageOptions>>().Value.TableName));
        services.AddSingleton<AccountTable>();
        services.AddSingleton<AccountRevisions>();
        services.AddSingleton<NonceTables>();
        services.AddSingleton<SharedNonces>();
        services.AddSingleton<AddSharedNonce>(provider => provider.GetRequiredService<SharedNonces>().AddAsync);
        return services;
    }
}
