using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using MtlsFunctions.LocalHost.Sandbox;

namespace MtlsFunctions.EndToEndTests.Sandbox;

/// <summary>The sandbox's certificates: kept, renewed in time, and nobody else's to read.</summary>
public sealed class SandboxPkiTests : IDisposable
{
    private static readonly string[] Names = ["demo", "other"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-sandbox-");
    private readonly SandboxPki pki;

    public SandboxPkiTests() => pki = Open(TimeProvider.System);

    [Fact]
    public void The_two_p12_files_differ()
    {
        Assert.NotEqual(pki.Clients["demo"], pki.Clients["other"]);
        Assert.NotEqual(pki.Clients["demo"].Password, pki.Clients["other"].Password);
        Assert.NotEqual(Certificate("demo").Thumbprint, Certificate("other").Thumbprint);
        Assert.All(pki.Clients.Values, client => Assert.True(Path.IsPathFullyQualified(client.P12Path)));
        Assert.All(pki.Clients.Values, client => Assert.Matches("^[A-Za-z0-9_-]{24,}$", client.Password));
    }

    [Fact]
    public void Certificates_survive_a_restart()
    {
        var files = Contents();
        var again = Open(TimeProvider.System);
        Assert.Equal(pki.Ca, again.Ca);
        Assert.Equal(pki.Server, again.Server);
        Assert.Equal(pki.Clients, again.Clients);
        Assert.Equal(files, Contents());
    }

    [Fact]
    public void Leaves_are_renewed_in_their_last_week_with_the_same_password()
    {
        var before = Certificate("demo");
        var clock = new FakeTimeProvider(new DateTimeOffset(before.NotAfter).AddDays(-7).AddMinutes(-1));
        Open(clock);
        Assert.Equal(before, Certificate("demo"));

        clock.Advance(TimeSpan.FromMinutes(1));
        var again = Open(clock);

        Assert.NotEqual(before, Certificate("demo"));
        Assert.NotEqual(pki.Server, again.Server);
        Assert.Equal(pki.Ca, again.Ca);
        Assert.Equal(pki.Clients, again.Clients);
    }

    [Fact]
    public void A_CA_that_would_end_before_its_leaves_is_renewed_with_them()
    {
        var again = Open(new FakeTimeProvider(new DateTimeOffset(pki.Ca.NotAfter).AddDays(-300)));
        Assert.NotEqual(pki.Ca, again.Ca);
        Assert.True(again.Server.NotAfter < again.Ca.NotAfter);
    }

    [Fact]
    public void Leaves_of_a_lost_CA_are_made_again()
    {
        var before = Certificate("demo");
        File.Delete(Path.Combine(folder.FullName, "ca.key"));
        var again = Open(TimeProvider.System);
        Assert.NotEqual(pki.Ca, again.Ca);
        Assert.NotEqual(pki.Server, again.Server);
        Assert.NotEqual(before, Certificate("demo"));
    }

    [Fact]
    public void Only_the_owner_can_read_the_files()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no file modes.");
        else
            Assert.All(folder.GetFiles(), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private SandboxPki Open(TimeProvider clock) => SandboxPki.Open(folder.FullName, Names, clock);

    private Dictionary<string, string> Contents() => folder.GetFiles().ToDictionary(file => file.Name, file => Convert.ToHexString(File.ReadAllBytes(file.FullName)));

    private X509Certificate2 Certificate(string name) => Certificate(pki.Clients[name]);

    private static X509Certificate2 Certificate((string P12Path, string Password) client) =>
        X509CertificateLoader.LoadPkcs12FromFile(client.P12Path, client.Password);
}
