using System.Net;
using MtlsFunctions.Forwarding;

namespace MtlsFunctions.Tests.Forwarding;

/// <summary>One row per class of addresses: its first and last one, and what it is called.</summary>
public sealed class SpecialNetworksTests
{
    [Theory]
    [InlineData("unspecified", "0.0.0.0", "0.255.255.255")]
    [InlineData("private", "10.0.0.0", "10.255.255.255")]
    [InlineData("carrier-grade NAT", "100.64.0.0", "100.127.255.255")]
    [InlineData("loopback", "127.0.0.0", "127.255.255.255")]
    [InlineData("Azure platform", "168.63.129.16", "168.63.129.16")]
    [InlineData("instance metadata", "169.254.0.0", "169.254.255.255")]
    [InlineData("instance metadata", "169.254.169.254", "169.254.169.254")]
    [InlineData("private", "172.16.0.0", "172.31.255.255")]
    [InlineData("protocol assignments", "192.0.0.0", "192.0.0.255")]
    [InlineData("documentation", "192.0.2.0", "192.0.2.255")]
    [InlineData("6to4 relay", "192.88.99.0", "192.88.99.255")]
    [InlineData("private", "192.168.0.0", "192.168.255.255")]
    [InlineData("benchmarking", "198.18.0.0", "198.19.255.255")]
    [InlineData("documentation", "198.51.100.0", "198.51.100.255")]
    [InlineData("documentation", "203.0.113.0", "203.0.113.255")]
    [InlineData("multicast", "224.0.0.0", "239.255.255.255")]
    [InlineData("reserved", "240.0.0.0", "255.255.255.255")]
    [InlineData("unspecified", "::", "::")]
    [InlineData("loopback", "::1", "::1")]
    [InlineData("IPv4-compatible", "::127.0.0.1", "::255.255.255.255")]
    [InlineData("IPv4-translated", "::ffff:0:127.0.0.1", "::ffff:0:255.255.255.255")]
    [InlineData("NAT64", "64:ff9b::127.0.0.1", "64:ff9b::255.255.255.255")]
    [InlineData("NAT64", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("discard", "100::", "100::ffff:ffff:ffff:ffff")]
    [InlineData("Teredo", "2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("protocol assignments", "2001:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("documentation", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("6to4", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("documentation", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("segment routing", "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("unique local", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("unique local", "fd00:ec2::254", "fd00:ec2::254")] // instance metadata of another cloud
    [InlineData("link-local", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("site-local", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("multicast", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void A_special_address_is_known_by_its_kind(string kind, string first, string last) => Assert.All(
        [first, last], address => Assert.Contains(kind, SpecialNetworks.Describe(IPAddress.Parse(address)), StringComparison.Ordinal));

    [Theory]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("::ffff:10.0.0.1", "private")]
    [InlineData("::ffff:169.254.169.254", "instance metadata")]
    [InlineData("::ffff:168.63.129.16", "Azure platform")]
    public void An_IPv4_mapped_address_is_the_IPv4_address_that_it_is(string mapped, string kind)
    {
        Assert.Contains(kind, SpecialNetworks.Describe(IPAddress.Parse(mapped)), StringComparison.Ordinal);
        Assert.Equal(IPAddress.Parse(mapped["::ffff:".Length..]), SpecialNetworks.Plain(IPAddress.Parse(mapped)));
    }

    [Fact]
    public void A_scope_does_not_hide_the_address() =>
        Assert.Contains("link-local", SpecialNetworks.Describe(IPAddress.Parse("fe80::1%7")), StringComparison.Ordinal);

    [Theory]
    [InlineData("1.0.0.0")]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("168.63.129.15")]
    [InlineData("168.63.129.17")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("191.255.255.255")]
    [InlineData("192.0.1.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("2001:200::")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2003::1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    [InlineData("fbff::1")]
    public void An_ordinary_address_has_no_kind(string address) => Assert.Null(SpecialNetworks.Describe(IPAddress.Parse(address)));
}
