using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>How often who may call, and who that is.</summary>
public sealed class ThrottleTests : IDisposable
{
    private const string Header = "X-Forwarded-For";
    private const string FrontEnd = "10.0.0.1";

    private readonly List<IDisposable> made = [];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(19)]
    [InlineData(1_000)]
    [InlineData(1_234_567)]
    [InlineData(10_000_000)]
    public void A_bucket_fills_at_exactly_its_rate_and_holds_twice_as_much(int perSecond)
    {
        var bucket = Throttle.Bucket(perSecond);

        Assert.Equal(perSecond * 2, bucket.TokenLimit);
        Assert.Equal(perSecond, bucket.TokensPerPeriod / bucket.ReplenishmentPeriod.TotalSeconds, perSecond * 1e-5);
        // At its limit a caller waits no longer than it must.
        Assert.InRange(bucket.ReplenishmentPeriod, TimeSpan.Zero, TimeSpan.FromSeconds(Math.Max(0.2, 1.0 / perSecond)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    public void An_address_may_call_twice_its_rate_at_once_and_is_then_told_when_to_come_back(int perSecond)
    {
        var throttle = Make(new ThrottleOptions { RequestsPerSecondPerAddress = perSecond });
        for (var request = 1; request <= perSecond * 2; request++)
            Assert.Null(throttle.RefuseAddress(From("192.0.2.1")));

        var refused = throttle.RefuseAddress(From("192.0.2.1"));

        Assert.Equal(FailureKind.Throttled, refused?.Kind);
        Assert.InRange(refused!.RetryAfter!.Value, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
        Assert.Null(throttle.RefuseAddress(From("192.0.2.2")));
    }

    [Fact]
    public void An_account_has_a_bucket_of_its_own()
    {
        var throttle = Make(new ThrottleOptions { RequestsPerSecondPerAccount = 1 });
        var (one, other) = (Account("one"), Account("other"));
        Assert.Null(throttle.RefuseAccount(one));
        Assert.Null(throttle.RefuseAccount(one));

        Assert.Equal(FailureKind.Throttled, throttle.RefuseAccount(one)?.Kind);
        Assert.Null(throttle.RefuseAccount(other));
    }

    [Fact]
    public void The_addresses_of_one_IPv6_network_share_a_bucket_and_those_of_two_do_not()
    {
        var throttle = Make(new ThrottleOptions { RequestsPerSecondPerAddress = 1 });
        Assert.Null(throttle.RefuseAddress(From("2001:db8:1:2::1")));
        Assert.Null(throttle.RefuseAddress(From("2001:db8:1:2:ffff:ffff:ffff:ffff")));

        Assert.NotNull(throttle.RefuseAddress(From("2001:db8:1:2::3")));
        Assert.Null(throttle.RefuseAddress(From("2001:db8:1:3::1")));
    }

    [Fact]
    public void An_IPv4_address_is_the_same_however_the_socket_gives_it()
    {
        var throttle = Make(new ThrottleOptions { RequestsPerSecondPerAddress = 1 });
        Assert.Null(throttle.RefuseAddress(From("::ffff:192.0.2.1")));
        Assert.Null(throttle.RefuseAddress(From("192.0.2.1")));

        Assert.NotNull(throttle.RefuseAddress(From("::ffff:192.0.2.1")));
        Assert.Null(throttle.RefuseAddress(From("::ffff:192.0.2.2")));
    }

    [Fact]
    public void Spoofed_values_before_the_last_change_nothing()
    {
        var throttle = Make(new ThrottleOptions { RequestsPerSecondPerAddress = 1, TrustedAddressHeader = Header });
        Assert.Null(throttle.RefuseAddress(From(FrontEnd, "198.51.100.1, 192.0.2.1")));
        Assert.Null(throttle.RefuseAddress(From(FrontEnd, "198.51.100.2, 192.0.2.1")));

        Assert.NotNull(throttle.RefuseAddress(From(FrontEnd, "198.51.100.3", "198.51.100.4,192.0.2.1:4711")));
        Assert.Null(throttle.RefuseAddress(From(FrontEnd, "192.0.2.1, 198.51.100.4")));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1:4711", "192.0.2.1")]
    [InlineData("198.51.100.1, 192.0.2.1", "192.0.2.1")]
    [InlineData("198.51.100.1,192.0.2.1 ", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData("192.0.2.1, unknown", FrontEnd)]
    [InlineData("192.0.2.1,", FrontEnd)]
    [InlineData("unknown", FrontEnd)]
    [InlineData("<script>", FrontEnd)]
    [InlineData("", FrontEnd)]
    public void The_last_value_of_the_trusted_header_is_the_address_and_without_one_the_connections(string value, string address) =>
        Assert.Equal(address, Make(new ThrottleOptions { TrustedAddressHeader = Header }).AddressOf(From(FrontEnd, value)));

    [Fact]
    public void The_last_line_of_the_trusted_header_counts() => Assert.Equal(
        "192.0.2.1", Make(new ThrottleOptions { TrustedAddressHeader = Header }).AddressOf(From(FrontEnd, "198.51.100.1", "192.0.2.1")));

    [Fact]
    public void A_missing_header_leaves_the_address_of_the_connection() =>
        Assert.Equal(FrontEnd, Make(new ThrottleOptions { TrustedAddressHeader = Header }).AddressOf(From(FrontEnd)));

    [Fact]
    public void No_header_is_trusted_unless_it_is_named() => Assert.Equal(FrontEnd, Make(new ThrottleOptions()).AddressOf(From(FrontEnd, "192.0.2.1")));

    [Fact]
    public void Without_any_address_all_share_one_bucket()
    {
        var throttle = Make(new ThrottleOptions { RequestsPerSecondPerAddress = 1 });
        Assert.Equal("unknown", throttle.AddressOf(From(null)));
        Assert.Null(throttle.RefuseAddress(From(null)));
        Assert.Null(throttle.RefuseAddress(From(null)));

        Assert.NotNull(throttle.RefuseAddress(From(null)));
    }

    public void Dispose() => made.ForEach(throttle => throttle.Dispose());

    private Throttle Make(ThrottleOptions options)
    {
        var throttle = new Throttle(Options.Create(options));
        made.Add(throttle);
        return throttle;
    }

    private static HttpRequest From(string? address, params string[] forwarded)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = address is null ? null : IPAddress.Parse(address) } };
        if (forwarded.Length > 0)
            context.Request.Headers[Header] = forwarded;
        return context.Request;
    }

    private static AccountId Account(string name) => MtlsFunctions.Authorization.OAuth.ConsumerKey.Parse($"{name}.1")!.Value.Account;
}
