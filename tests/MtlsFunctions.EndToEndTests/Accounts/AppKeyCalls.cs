using System.Net;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.Accounts;

/// <summary>The calls that the stories of app keys are made of.</summary>
internal static class AppKeyCalls
{
    public static string PathOf(GatewayClient account) => $"/mtls/account/{account.Account}/app-keys";

    public static Task<Answer> CreateAsync(GatewayClient account, JsonNode body) => account.PostAsync(PathOf(account), body);

    public static Task<Answer> GetAsync(GatewayClient account, AppKey key) => account.With(key).GetAsync(account.CertificatesPath);

    public static Task<Answer> HealthAsync(GatewayClient account, AppKey key) => account.With(key).GetAsync("/health/details");

    public static async Task LetInAsync(GatewayClient account, AppKey key) => Assert.Equal(HttpStatusCode.OK, (await GetAsync(account, key)).Status);
}
