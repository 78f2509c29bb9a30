using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.Certificates.Pkcs12;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates.Pkcs12;

public sealed class Pkcs12ReportTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly TestPki Pki = new();

    [Fact]
    public void It_tells_all_that_a_person_asks_about_a_certificate()
    {
        var client = Pki.IssueClient("orders", options =>
        {
            (options.Key, options.FromIntermediate) = (KeyKind.Rsa2048, true);
            (options.Iterations, options.MacIterations) = (3000, 1000);
            options.NotBefore = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
            options.NotAfter = new DateTimeOffset(2099, 6, 7, 8, 9, 10, TimeSpan.Zero);
        });

        var report = ReportOn(client);

        Assert.True(report.Usable);
        Assert.Equal(("CN=orders", Pki.Intermediate.Subject), (report.Subject, report.Issuer));
        Assert.Equal(("2026-01-02T03:04:05Z", "2099-06-07T08:09:10Z"), (report.NotBefore, report.NotAfter));
        Assert.Equal((client.Thumbprint, "RSA 2048"), (report.Thumbprint, report.KeyAlgorithm));
        Assert.Equal(7000, report.KeyDerivationIterations);
        Assert.Equal(["CN=orders", Pki.Intermediate.Subject], report.Chain.Select(one => one.Subject));
        Assert.Equal([Pki.Intermediate.Subject, Pki.Root.Subject], report.Chain.Select(one => one.Issuer));
        Assert.Equal("2099-06-07T08:09:10Z", report.Chain[0].NotAfter);
    }

    [Fact]
    public void A_chain_that_ends_in_a_certificate_of_its_own_is_complete()
    {
        var client = Pki.IssueClient(configure: options => options.FromIntermediate = true);

        var report = ReportOn(client, Pki.Intermediate, Pki.Root);

        Assert.True(report.ChainComplete);
        Assert.Equal([client.Certificate.Subject, Pki.Intermediate.Subject, Pki.Root.Subject], report.Chain.Select(one => one.Subject));
        Assert.Empty(report.Warnings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_chain_with_an_end_missing_is_usable_with_a_warning_that_names_who_is_missing(bool withIntermediate)
    {
        var client = Pki.IssueClient(configure: options => (options.FromIntermediate, options.IncludeChain) = (true, withIntermediate));

        var report = ReportOn(client);

        Assert.False(report.ChainComplete);
        Assert.Contains(withIntermediate ? Pki.Root.Subject : Pki.Intermediate.Subject, Assert.Single(report.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Strangers_in_the_p12_are_no_part_of_the_chain()
    {
        var client = Pki.IssueClient();

        var report = ReportOn(client, new TestPki().Root, Pki.Root);

        Assert.Equal([client.Certificate.Subject, Pki.Root.Subject], report.Chain.Select(one => one.Subject));
    }

    [Fact]
    public void An_expired_intermediate_is_a_warning_that_names_it()
    {
        // Its authorities end fifty years after it was made.
        var past = new TestPki(new FakeTimeProvider(Now.AddYears(-51)));
        var client = past.IssueClient(configure: options => (options.FromIntermediate, options.NotAfter) = (true, Now.AddYears(1)));

        var report = ReportOn(client, past.Intermediate, past.Root);

        Assert.True(report.Usable);
        Assert.Contains(report.Warnings, warning => warning.Contains($"'{past.Intermediate.Subject}' in the chain expired", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ClientUsage.ClientAuth, true)]
    [InlineData(ClientUsage.Both, true)]
    [InlineData(ClientUsage.Absent, true)]
    [InlineData(ClientUsage.ServerAuth, false)]
    public void A_certificate_that_is_not_for_clients_is_usable_with_a_warning(ClientUsage usage, bool forClients)
    {
        var report = ReportOn(Pki.IssueClient(configure: options => options.Usage = usage), Pki.Root);

        Assert.Equal((true, forClients), (report.Usable, report.ClientAuthUsage));
        Assert.Equal(forClients ? 0 : 1, report.Warnings.Count);
    }

    private static Pkcs12Report ReportOn(TestClient client, params X509Certificate2[] chain)
    {
        var file = chain is [] ? (client.Pkcs12, client.Password) : Repacked(client, chain);
        var opened = The.Of(Pkcs12File.Open(file.Item1, file.Item2, Now));
        opened.Certificate.Dispose();
        return opened.Report;
    }

    private static (byte[], string) Repacked(TestClient client, X509Certificate2[] chain)
    {
        var options = new Pkcs12Options();
        return (TestPkcs12.Build(options, [client.Certificate], chain), options.Password);
    }
}
