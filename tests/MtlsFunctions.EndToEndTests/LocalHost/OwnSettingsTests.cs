using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.LocalHost;

/// <summary>A person's settings beside LocalHost's own.</summary>
public sealed class OwnSettingsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_network_of_ones_own_adds_to_the_sandbox_s_and_where_to_sign_in_is_said()
    {
        await using var host = await LocalHostProcess.Start(["--ephemeral"], new Dictionary<string, string>
        {
            ["Forwarding__AllowedNetworks__0"] = "10.1.2.0/24",
            ["Storage__ConnectionString"] = azurite.ConnectionString,
            ["Storage__TableName"] = $"t{Guid.NewGuid():N}",
        }).ReadyAsync();
        Assert.NotEmpty((string)(await LocalHostTests.OnboardAsync(host.Session, "demo", $"{host.Session["sandboxUrl"]}/"))["thumbprint"]!);
        await Eventually.TrueAsync(() => host.Text.Contains($"Sign in at {host.Session["baseUrl"]}/console: account demo, name demo-admin", StringComparison.Ordinal));
        Assert.DoesNotContain((string)host.Session["accounts"]!["demo"]!["password"]!, host.Text, StringComparison.Ordinal);
    }
}
