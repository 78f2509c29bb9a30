using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MtlsFunctions.Forwarding;
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

    [Theory]
    [InlineData("localhost.")]
    [InlineData("127.0.0.1.")]
    [InlineData("2130706433.")]
    [InlineData("0x7f.1.")]
    [InlineData("localhost.localdomain")]
    [InlineData("ip6-localhost")]
    [InlineData("%31%32%37.0.0.1")]
    [InlineData("[::1%25lo]")]
    [InlineData("a.example@127.0.0.1")]
    public async Task What_some_resolvers_and_parsers_take_for_this_machine_is_not_dialled_either(string host)
    {
        foreach (var port in new[] { shared.IPv4.Port, shared.IPv6.Port })
        {
            var answer = await shared.Demo.ForwardAsync(HttpMethod.Get, $"https://{host}:{port}/");

            // Some know no such name, or take it for no URL.
            Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.FailedDependency]);
            Assert.NotEqual("connection-refused", answer.Header("LP-error-from-transport"));
        }

        Assert.Equal((0, 0), (await shared.IPv4.CountAsync(), await shared.IPv6.CountAsync()));
    }

    [Theory]
    [InlineData(301, "https://127.0.0.1:{0}/inner")]
    [InlineData(302, "https://127.0.0.1:{0}/inner")]
    [InlineData(303, "https://localhost:{0}/inner")]
    [InlineData(307, "//127.1:{0}/inner")]
    [InlineData(308, "http://127.0.0.1:{0}/inner")]
    public async Task A_redirect_to_this_machine_is_passed_back_and_not_followed(int status, string location)
    {
        var target = string.Format(CultureInfo.InvariantCulture, location, shared.IPv4.Port);
        await using var remote = new FaultyServer(
            Faults.AnswerRaw($"HTTP/1.1 {status} Elsewhere\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"),
            shared.Gateway.Pki.IssueServer(StrictGateway.Allowed), address: IPAddress.Parse(StrictGateway.Allowed));

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            var answer = await shared.Demo.ForwardAsync(method, remote.Url);
            Assert.Equal((status, target, "upstream"), ((int)answer.Status, answer.Header("Location"), answer.Header("LP-response-origin")));
        }

        Assert.Equal((2, 0), (remote.Connections, await shared.IPv4.CountAsync()));
    }

    [Fact]
    public async Task A_name_that_means_this_machine_from_its_second_look_up_on_is_refused_there()
    {
        await using var remote = new FaultyServer(
            Faults.AnswerRaw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            shared.Gateway.Pki.IssueServer("changing.example"), address: IPAddress.Parse(StrictGateway.Allowed));
        var url = $"https://changing.example:{remote.Port}/";
        await using var inner = new RefusingListener(IPAddress.Loopback, remote.Port);

        Assert.Equal(HttpStatusCode.OK, (await shared.Demo.ForwardAsync(HttpMethod.Get, url)).Status);
        await NotFoundAsync(url);
        await NotFoundAsync($"https://several.example:{remote.Port}/");
        await NotFoundAsync($"https://unknown.example:{remote.Port}/");

        Assert.Equal((1, 0), (remote.Connections, await inner.CountAsync()));
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

    /// <summary>Inner names and unknown ones are answered alike, to the letter.</summary>
    private async Task NotFoundAsync(string url)
    {
        var answer = await shared.Demo.ForwardAsync(HttpMethod.Get, url);

        answer.IsProblem(HttpStatusCode.FailedDependency, "remote-unreachable");
        Assert.StartsWith($"{url} name-not-found", answer.Header("LP-message-from-transport"), StringComparison.Ordinal);
        Assert.Equal("name-not-found", answer.Header("LP-error-from-transport"));
        Assert.DoesNotContain("private", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("loopback", answer.Text, StringComparison.OrdinalIgnoreCase);
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

        /// <summary>The one address on this machine that may be called.</summary>
        public const string Allowed = "127.0.0.9";

        private static readonly IPAddress AllowedAddress = IPAddress.Parse(Allowed);
        private int lookUps;

        // A list can't be emptied by a setting, so harmless networks take the places of the loopback ones.
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
        {
            ["Forwarding:AllowedNetworks:0"] = "203.0.113.1/32",
            ["Forwarding:AllowedNetworks:1"] = $"{Allowed}/32",
            ["Forwarding:Http2"] = "false", // connections are counted: Http1Fixture says why
        };

        protected override Action<WebApplicationBuilder> Configure => builder => builder.Services.AddSingleton(
            services => new TargetGuard(services.GetRequiredService<IOptions<ForwardingOptions>>().Value, LookUpAsync));

        public RefusingListener IPv4 { get; } = new(IPAddress.Any);

        public RefusingListener IPv6 { get; } = new(IPAddress.IPv6Loopback);

        public GatewayClient Demo => demo ??= NewAccount();

        // Names of our own; what else there is the system knows.
        private Task<IPAddress[]> LookUpAsync(string name, CancellationToken cancellation) => name switch
        {
            "changing.example" => Task.FromResult<IPAddress[]>([Interlocked.Increment(ref lookUps) == 1 ? AllowedAddress : IPAddress.Loopback]),
            "unknown.example" => throw new SocketException((int)SocketError.HostNotFound),
            "several.example" => Task.FromResult<IPAddress[]>([AllowedAddress, IPAddress.Loopback]),
            _ => Dns.GetHostAddressesAsync(name, cancellation),
        };

        public override async ValueTask DisposeAsync()
        {
            await IPv4.DisposeAsync();
            await IPv6.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
