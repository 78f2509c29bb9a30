using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MtlsFunctions.Authorization;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Forwarding;

/// <summary>At real sockets: a listener counts who connects. 127.0.0.2 plays the address that may be called, 127.0.0.1 the one that may not.</summary>
public sealed class TargetGuardTests
{
    private static readonly AccountId Demo = AccountId.FromCredential("demo")!;
    private static readonly IPAddress Allowed = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Private = IPAddress.Loopback;

    [Fact]
    public async Task An_allowed_address_is_dialled()
    {
        await using var listener = new RefusingListener(Allowed);
        await using var stream = await Guard([Allowed]).ConnectAsync(new DnsEndPoint("a.example", listener.Port), Reach.Nobody, TestContext.Current.CancellationToken);

        Assert.Equal(1, await listener.CountAsync());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task A_literal_that_is_not_allowed_is_never_dialled(string literal)
    {
        await using var listener = new RefusingListener(Private);

        await RefusedAsync(Guard([]), literal, listener.Port);

        Assert.Equal(0, await listener.CountAsync());
    }

    [Fact]
    public async Task One_refused_address_among_several_and_none_is_dialled()
    {
        await using var allowed = new RefusingListener(Allowed);

        await RefusedAsync(Guard([Allowed, Private]), "a.example", allowed.Port);
        await RefusedAsync(Guard([Private, Allowed]), "a.example", allowed.Port);
        await RefusedAsync(Guard([Allowed, Allowed, IPAddress.Parse("fe80::1")]), "a.example", allowed.Port);

        Assert.Equal(0, await allowed.CountAsync());
    }

    [Fact]
    public async Task A_name_that_changes_between_look_ups_gains_nothing()
    {
        await using var allowed = new RefusingListener(Allowed);
        await using var inner = new RefusingListener(Private);
        var answers = new Queue<IPAddress[]>([[Allowed], [Private], [Allowed]]);
        var guard = new TargetGuard(Options(), (_, _) => Task.FromResult(answers.Dequeue()));

        await (await guard.ConnectAsync(new DnsEndPoint("a.example", allowed.Port), Reach.Nobody, TestContext.Current.CancellationToken)).DisposeAsync();
        await RefusedAsync(guard, "a.example", inner.Port);
        await (await guard.ConnectAsync(new DnsEndPoint("a.example", allowed.Port), Reach.Nobody, TestContext.Current.CancellationToken)).DisposeAsync();

        Assert.Equal((2, 0), (await allowed.CountAsync(), await inner.CountAsync()));
        Assert.Empty(answers); // one look-up a connection: what was judged is what was dialled
    }

    [Fact]
    public async Task A_literal_is_not_looked_up()
    {
        await using var listener = new RefusingListener(Allowed);
        var guard = new TargetGuard(Options(), (_, _) => throw new InvalidOperationException("Looked up."));

        await using var stream = await guard.ConnectAsync(new DnsEndPoint("127.0.0.2", listener.Port), Reach.Nobody, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_does_not_answer()
    {
        await using var listener = new RefusingListener(Allowed);
        var guard = Guard([IPAddress.Parse("127.0.0.3"), Allowed], "127.0.0.2/31");

        await using var stream = await guard.ConnectAsync(new DnsEndPoint("a.example", listener.Port), Reach.Nobody, TestContext.Current.CancellationToken);

        Assert.Equal(1, await listener.CountAsync());
    }

    [Fact]
    public async Task When_none_answers_the_last_ones_reason_is_told()
    {
        int port;
        await using (var gone = new RefusingListener(Allowed))
            port = gone.Port;
        var fault = await Assert.ThrowsAsync<SocketException>(async () =>
            await Guard([Allowed]).ConnectAsync(new DnsEndPoint("a.example", port), Reach.Nobody, TestContext.Current.CancellationToken));
        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);
    }

    [Fact]
    public async Task A_name_without_addresses_is_not_found()
    {
        var fault = await Assert.ThrowsAsync<SocketException>(async () =>
            await Guard([]).ConnectAsync(new DnsEndPoint("a.example", 443), Reach.Nobody, TestContext.Current.CancellationToken));
        Assert.Equal(SocketError.HostNotFound, fault.SocketErrorCode);
    }

    [Fact]
    public async Task Whoever_leaves_stops_the_look_up()
    {
        using var leaving = new CancellationTokenSource();
        var guard = new TargetGuard(Options(), async (_, cancellation) =>
        {
            await leaving.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
            return [Allowed];
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await guard.ConnectAsync(new DnsEndPoint("a.example", 443), Reach.Nobody, leaving.Token));
    }

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "10.2.0.0", false)]
    [InlineData("10.1.0.0/16", "::ffff:10.1.2.3", true)]
    [InlineData("127.0.0.1/32", "127.0.0.2", false)]
    [InlineData("::1/128", "127.0.0.1", false)]
    [InlineData("::1/128", "::1", true)]
    [InlineData("fd00::/8", "fd12::1", true)]
    [InlineData("0.0.0.0/0", "169.254.169.254", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    public void A_network_is_allowed_by_configuration_alone(string network, string address, bool allowed)
    {
        var guard = Guard([], network);
        var fault = Record.Exception(() => guard.Admit(IPAddress.Parse(address), Reach.Nobody));
        Assert.Equal(allowed, fault is null);
        if (!allowed)
            Assert.IsType<TargetRefusedException>(fault);
    }

    [Fact]
    public void By_default_no_special_address_is_allowed_and_every_other_is()
    {
        var guard = new TargetGuard(new ForwardingOptions(), Dns.GetHostAddressesAsync);
        Assert.All(SpecialNetworks.All, special => Assert.Throws<TargetRefusedException>(() => guard.Admit(special.Network.BaseAddress, new Reach(Demo, IsMapped: true))));
        guard.Admit(IPAddress.Parse("1.1.1.1"), Reach.Nobody);
        guard.Admit(IPAddress.Parse("2606:4700:4700::1111"), Reach.Nobody);
    }

    [Fact]
    public void A_refusal_tells_the_kind_and_never_the_address()
    {
        var fault = Assert.Throws<TargetRefusedException>(() => Guard([]).Admit(IPAddress.Parse("10.11.12.13"), Reach.Nobody));
        Assert.Equal("private", fault.What);
        Assert.DoesNotContain("10.11.12.13", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.1.2.3", "demo", true, true)]
    [InlineData("10.1.2.3", "demo", false, false)] // not mapped
    [InlineData("10.1.2.3", null, true, true)]
    [InlineData("10.2.2.3", "demo", true, true)] // demo's own
    [InlineData("10.2.2.3", "demo", false, false)]
    [InlineData("10.2.2.3", "other", true, false)]
    [InlineData("10.2.2.3", "DEMO", true, false)]
    [InlineData("10.2.2.3", null, true, false)]
    [InlineData("10.3.2.3", "demo", true, false)]
    public void A_network_is_open_to_its_accounts_and_to_what_they_have_mapped(string address, string? account, bool mapped, bool open)
    {
        var guard = new TargetGuard(
            new ForwardingOptions
            {
                AllowedNetworks = ["10.1.0.0/16"],
                AccountNetworks = { ["partners"] = new() { Accounts = ["demo", "third"], Networks = ["10.2.0.0/16"] } },
            },
            (_, _) => throw new InvalidOperationException("Looked up."));
        var fault = Record.Exception(() => guard.Admit(IPAddress.Parse(address), new Reach(account is null ? null : AccountId.FromCredential(account), mapped)));
        Assert.Equal(open, fault is null);
    }

    [Fact]
    public async Task A_name_that_is_refused_is_answered_like_one_that_nobody_knows_and_at_the_same_time()
    {
        foreach (var addresses in new IPAddress[][] { [], [Private], [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("1.1.1.1")] })
        {
            var watch = Stopwatch.StartNew();
            await RefusedAsync(Guard(addresses), "a.example", 443);
            Assert.InRange(watch.Elapsed.TotalMilliseconds, 245, double.MaxValue);
        }
    }

    [Fact]
    public async Task Where_localhost_leads_is_no_secret()
    {
        foreach (var host in new[] { "localhost", "LOCALHOST.", "a.localhost" })
        {
            await Assert.ThrowsAsync<TargetRefusedException>(async () =>
                await Guard([Private]).ConnectAsync(new DnsEndPoint(host, 443), Reach.Nobody, TestContext.Current.CancellationToken));
        }
    }

    private static TargetGuard Guard(IPAddress[] addresses, string network = "127.0.0.2/32") => new(Options(network), (_, _) => Task.FromResult(addresses));

    private static ForwardingOptions Options(string network = "127.0.0.2/32") => new() { AllowedNetworks = [network], AllowedNetworksForMappedOnly = false };

    // A name is answered as if nobody knew it.
    private static async Task RefusedAsync(TargetGuard guard, string host, int port)
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(async () => await guard.ConnectAsync(new DnsEndPoint(host, port), Reach.Nobody, TestContext.Current.CancellationToken));
        Assert.True(fault is TargetRefusedException == IPAddress.TryParse(host, out _), fault.ToString());
        Assert.True(fault is TargetRefusedException or SocketException { SocketErrorCode: SocketError.HostNotFound }, fault.ToString());
    }
}
