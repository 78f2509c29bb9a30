using System.Net;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>A gateway whose operator allows nothing special, and live loopback listeners that must never accept.</summary>
public sealed class TargetRefusedTests(TargetRefusedTests.StrictGateway shared) : IClassFixture<TargetRefusedTests.StrictGateway>
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("0")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0x7F.0.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("017700000001")]
    [InlineData("0x7f.0x0.0x0.0x1")]
    [InlineData("00000000177.0.0.01")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("[::1]")]
    [InlineData("[0:0:0:0:0:0:0:1]")]
    [InlineData("[::]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[0:0:0:0:0:ffff:127.0.0.1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[::ffff:0:127.0.0.1]")]
    [InlineData("[64:ff9b::127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[64:ff9b:1::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("[2001:0:7f00:1::]")]
    public async Task No_disguise_of_this_machine_is_dialled(string host)
    {
        await RefusedAsync($"https://{host}:{shared.IPv4.Port}/");
        await RefusedAsync($"https://{host}:{shared.IPv6.Port}/");

        Assert.Equal((0, 0), (await shared.IPv4.CountAsync(), await shared.IPv6.CountAsync()));
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("10.255.255.255")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("2852039166")] // the same in decimal
    [InlineData("0xA9FEA9FE")]
    [InlineData("[::ffff:169.254.169.254]")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("168.63.129.16")]
    [InlineData("[fe80::1]")]
    [InlineData("[fc00::1]")]
    [InlineData("224.0.0.1")]
    [InlineData("[ff02::1]")]
    [InlineData("255.255.255.255")]
    [InlineData("198.18.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[2002:a9fe:a9fe::]")]
    public Task No_address_of_an_inner_network_is_dialled(string host) => RefusedAsync($"https://{host}/");

    [Fact]
    public async Task A_trailing_dot_hides_nothing()
    {
        // Some resolvers know no such name.
        var answer = await shared.Demo.ForwardAsync(HttpMethod.Get, $"https://localhost.:{shared.IPv4.Port}/");

        Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.FailedDependency]);
        Assert.Equal((0, 0), (await shared.IPv4.CountAsync(), await shared.IPv6.CountAsync()));
    }

    [Fact]
    public async Task A_mapping_does_not_open_what_the_operator_has_not()
    {
        var (demo, certificate, _) = await shared.NewAccountWithCertificateAsync();
        var url = $"https://localhost:{shared.IPv4.Port}/";
        await demo.MapAsync(url, certificate);

        (await demo.ForwardAsync(HttpMethod.Post, url)).IsProblem(HttpStatusCode.Forbidden, "target-refused");

        Assert.Equal(0, await shared.IPv4.CountAsync());
    }

    private async Task RefusedAsync(string url)
    {
        var answer = await shared.Demo.ForwardAsync(HttpMethod.Get, url);

        answer.IsProblem(HttpStatusCode.Forbidden, "target-refused");
        Assert.Equal("gateway", answer.Header("LP-response-origin"));
        Assert.Null(answer.Header("LP-message-from-transport"));
        Assert.Null(answer.Header("LP-error-from-transport"));
        Assert.Null(answer.Header("WWW-Authenticate"));
    }

    public sealed class StrictGateway(AzuriteFixture azurite) : AccountsFixture(azurite)
    {
        private GatewayClient? demo;

        // A list can't be emptied by a setting, so harmless networks take the places of the loopback ones.
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
        {
            ["Forwarding:AllowedNetworks:0"] = "203.0.113.1/32",
            ["Forwarding:AllowedNetworks:1"] = "203.0.113.2/32",
        };

        public RefusingListener IPv4 { get; } = new(IPAddress.Any);

        public RefusingListener IPv6 { get; } = new(IPAddress.IPv6Loopback);

        public GatewayClient Demo => demo ??= NewAccount();

        public override async ValueTask DisposeAsync()
        {
            await IPv4.DisposeAsync();
            await IPv6.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
