using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Mappings;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Forwarding;

public sealed class RemoteTrustTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");
    private readonly TestPki pki = new();
    private readonly TestPki other = new();

    [Fact]
    public void A_certificate_of_a_configured_root_is_believed()
    {
        Assert.True(Judge(Trusting(pki), pki.IssueServer()));
        Assert.True(Judge(Trusting(pki, other), other.IssueServer()));
    }

    [Fact]
    public void A_file_may_hold_several_roots_and_an_empty_path_is_passed_over()
    {
        var bundle = Path.Combine(folder.FullName, "bundle.pem");
        File.WriteAllText(bundle, pki.RootPem + other.RootPem);

        Assert.All([pki, other], issuer => Assert.True(Judge(TrustingFiles("", bundle), issuer.IssueServer())));
    }

    [Fact]
    public void A_stranger_is_untrusted() => Refused(TransportError.TlsUntrusted, Trusting(pki), other.IssueServer());

    [Fact]
    public void Without_configured_roots_only_the_systems_count() => Refused(TransportError.TlsUntrusted, Trusting(), pki.IssueServer());

    [Fact]
    public void An_expired_one_is_expired() => Refused(TransportError.TlsExpired, Trusting(pki), pki.IssueExpiredServer());

    [Fact]
    public void One_that_is_not_for_servers_is_untrusted() => Refused(TransportError.TlsUntrusted, Trusting(pki), pki.IssueClient().Certificate);

    [Fact]
    public void One_for_another_host_is_for_another_host() => Refused(
        TransportError.TlsWrongHost, Trusting(pki), pki.IssueServerOfAnotherHost(), SslPolicyErrors.RemoteCertificateNameMismatch);

    [Fact]
    public void A_wrong_host_is_told_before_a_wrong_issuer() => Refused(
        TransportError.TlsWrongHost, Trusting(pki), other.IssueServer(), SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors);

    [Fact]
    public void No_certificate_at_all_is_refused()
    {
        using var chain = new X509Chain();
        var fault = Assert.Throws<RemoteCertificateException>(() => Trusting(pki).Validate(this, null, chain, SslPolicyErrors.RemoteCertificateNotAvailable));
        Assert.Equal(TransportError.TlsFailed, fault.Code);
    }

    [Fact]
    public void The_servers_intermediates_complete_the_chain_and_nothing_is_downloaded()
    {
        var leaf = pki.IssueClient("server", options => (options.FromIntermediate, options.Usage) = (true, ClientUsage.ServerAuth)).Certificate;

        Assert.True(Judge(Trusting(pki), leaf, sent: pki.Intermediate));
        Refused(TransportError.TlsUntrusted, Trusting(pki), leaf);
        Assert.True(RemoteTrust.SystemPolicy().DisableCertificateDownloads);
    }

    [Fact]
    public void An_intermediate_is_no_root()
    {
        var path = Path.Combine(folder.FullName, "intermediate.pem");
        File.WriteAllText(path, pki.Intermediate.ExportCertificatePem());
        var leaf = pki.IssueClient("server", options => (options.FromIntermediate, options.Usage) = (true, ClientUsage.ServerAuth)).Certificate;

        Refused(TransportError.TlsUntrusted, TrustingFiles(path), leaf, sent: pki.Intermediate);
    }

    [Fact]
    public void A_mapping_with_roots_of_its_own_believes_them_and_nobody_else()
    {
        var (operators, mappings) = (Trusting(pki), Trusting(pki).Of(The.Of(TrustedCa.Parse(other.RootPem))));

        Assert.True(Judge(mappings, other.IssueServer()));
        Refused(TransportError.TlsUntrusted, mappings, pki.IssueServer());
        Refused(TransportError.TlsExpired, mappings, other.IssueExpiredServer());
        Refused(TransportError.TlsUntrusted, operators, other.IssueServer());
        Assert.Same(operators, operators.Of(null));
    }

    [Fact]
    public void The_systems_roots_are_none_of_a_mappings_own()
    {
        var policy = Trusting(pki).Of(The.Of(TrustedCa.Parse(other.RootPem))).Policy();

        Assert.Equal((X509ChainTrustMode.CustomRootTrust, true), (policy.TrustMode, policy.DisableCertificateDownloads));
        Assert.Equal([other.Root.Thumbprint], policy.CustomTrustStore.Select(root => root.Thumbprint));
        Assert.Equal(X509ChainTrustMode.System, Trusting(pki).Policy().TrustMode);
    }

    [Fact]
    public void A_mappings_intermediates_complete_the_chain_and_are_anchors()
    {
        var leaf = pki.IssueClient("server", options => (options.FromIntermediate, options.Usage) = (true, ClientUsage.ServerAuth)).Certificate;
        var whole = Trusting().Of(The.Of(TrustedCa.Parse(pki.RootPem + pki.Intermediate.ExportCertificatePem())));
        var foreign = Trusting().Of(The.Of(TrustedCa.Parse(other.RootPem + other.Intermediate.ExportCertificatePem())));

        Assert.True(Judge(whole, leaf));
        Refused(TransportError.TlsUntrusted, foreign, leaf);
        Refused(TransportError.TlsUntrusted, foreign, leaf, sent: pki.Intermediate);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private RemoteTrust Trusting(params TestPki[] roots) => TrustingFiles([.. roots.Select(root => root.WriteRootPem(folder.FullName))]);

    private static RemoteTrust TrustingFiles(params string[] paths) => new(Options.Create(new ForwardingOptions { TrustedRoots = [.. paths] }));

    private static void Refused(string code, RemoteTrust trust, X509Certificate2 remote, SslPolicyErrors errors = SslPolicyErrors.None, X509Certificate2? sent = null) =>
        Assert.Equal(code, Assert.Throws<RemoteCertificateException>(() => Judge(trust, remote, errors, sent)).Code);

    // As the runtime does: it builds the chain by the trust's policy and asks with what it found.
    private static bool Judge(RemoteTrust trust, X509Certificate2 remote, SslPolicyErrors errors = SslPolicyErrors.None, X509Certificate2? sent = null)
    {
        using var chain = new X509Chain { ChainPolicy = trust.Policy() };
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.Add(sent);
        var found = chain.Build(remote) ? errors : errors | SslPolicyErrors.RemoteCertificateChainErrors;
        return trust.Validate(chain, remote, chain, found);
    }
}
