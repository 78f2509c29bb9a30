using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Mappings;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Forwarding.Tls;

/// <summary>What a mapping's trustedCa lets in, which anchor counts of two, and what people are told about the rest.</summary>
public sealed class TrustAnchorsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");
    private readonly TestPki pki = new();
    private readonly DateTimeOffset now = TimeProvider.System.GetUtcNow();
    private readonly ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public void An_intermediate_is_an_anchor_whatever_lies_behind_it()
    {
        var leaf = BelowIntermediate();
        Believed(leaf, [pki.Intermediate]);
        Believed(leaf, [pki.Intermediate], pki.Intermediate);
        Believed(leaf, [pki.Intermediate], pki.Intermediate, pki.Root);
        Refused("tls-untrusted", pki.IssueServer(), [pki.Intermediate], pki.Root);
    }

    [Fact]
    public void A_leaf_is_a_pin_and_lets_in_nobody_else()
    {
        var (leaf, below) = (pki.IssueServer(), BelowIntermediate());
        Believed(leaf, [leaf]);
        Believed(leaf, [leaf], pki.Root);
        Believed(below, [below], pki.Intermediate);
        Refused("tls-untrusted", pki.IssueServer(), [leaf], pki.Root);
        var single = SelfSigned("localhost");
        Believed(single, [single]);
        Refused("tls-untrusted", SelfSigned("localhost"), [single]);
    }

    [Fact]
    public void Names_validity_and_usage_of_a_pin_are_judged_all_the_same()
    {
        var (expired, client) = (pki.IssueExpiredServer(), pki.IssueClient().Certificate);
        Refused("tls-expired", expired, [expired]);
        Refused("tls-untrusted", client, [client]);
        var other = pki.IssueServerOfAnotherHost();
        Assert.Equal("tls-wrong-host", Judge(Trust([other]), other, SslPolicyErrors.RemoteCertificateNameMismatch).Code);
    }

    [Fact]
    public void An_anchors_name_with_another_key_opens_nothing()
    {
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (genuine, forged) = (Root(rootKey, 1), Root(otherKey, 1));
        Refused("tls-untrusted", Issued(forged), [genuine], forged);
        Refused("tls-untrusted", Issued(forged), [genuine]);
        Believed(Issued(genuine), [genuine], forged);
        // Both at once are two anchors, in either order.
        Believed(Issued(forged), [genuine, forged]);
        Believed(Issued(forged), [forged, genuine]);
    }

    [Fact]
    public void A_leaf_cannot_issue_though_it_is_an_anchor()
    {
        var leaf = pki.IssueServer();
        Refused("tls-untrusted", Issued(leaf), [leaf], leaf);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void An_expired_root_never_wins_over_its_renewed_self(bool expiredFirst, bool ofMapping)
    {
        var (expired, renewed) = (Root(rootKey, -2), Root(rootKey, 300));
        X509Certificate2[] both = expiredFirst ? [expired, renewed] : [renewed, expired];
        var trust = ofMapping ? Trust(both) : Operators(both);
        foreach (var leaf in new[] { Issued(expired), Issued(renewed) })
            foreach (var sent in new X509Certificate2[][] { [], [expired], [renewed] })
                Assert.Null(Judge(trust, leaf, SslPolicyErrors.None, sent).Code);

        var alone = ofMapping ? Trust([expired]) : Operators([expired]);
        var (code, seen) = Judge(alone, Issued(renewed), SslPolicyErrors.None);
        Assert.Equal("tls-expired", code);
        Assert.Matches(@"^the root 'CN=Renewable' of its chain expired at \d{4}-", seen.Problem);
    }

    [Fact]
    public void Whose_time_is_over_is_told()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var intermediate = MtlsFunctions.Shared.Certificates.Issue(Name("Old Intermediate"), key, now.AddDays(-30), now.AddDays(-1), pki.Root, MtlsFunctions.Shared.Certificates.ForAuthority());

        Assert.Matches("^its certificate expired at ", Judge(Trust([pki.Root]), pki.IssueExpiredServer(), SslPolicyErrors.None).Certificate.Problem);
        Assert.Matches("^the intermediate 'CN=Old Intermediate' of its chain expired at ", Judge(Trust([pki.Root]), Issued(intermediate), SslPolicyErrors.None, intermediate).Certificate.Problem);
        var future = Issued(pki.Root, now.AddDays(3));
        Assert.Matches("^its certificate is not valid before ", Judge(Trust([pki.Root]), future, SslPolicyErrors.None).Certificate.Problem);
    }

    [Fact]
    public void What_is_missing_or_unknown_is_named_with_the_next_step()
    {
        var below = Judge(Operators([pki.Root]), BelowIntermediate(), SslPolicyErrors.None).Certificate;
        Assert.Equal(pki.Intermediate.Subject, below.Missing);
        Assert.Equal($"the certificate of the issuer '{pki.Intermediate.Subject}' is missing: the server should send it, or the mapping's trustedCa can hold it", below.Problem);

        var single = SelfSigned("lonely");
        Assert.StartsWith($"its certificate is self-signed: 'CN=lonely', SHA-256 {TestPki.ThumbprintOf(single)}.", Judge(Operators([pki.Root]), single, SslPolicyErrors.None).Certificate.Problem, StringComparison.Ordinal);

        var stranger = new TestPki();
        var unknown = Judge(Operators([pki.Root]), stranger.IssueServer(), SslPolicyErrors.None, stranger.Root).Certificate;
        Assert.StartsWith($"it leads to the root '{stranger.Root.Subject}', SHA-256 {TestPki.ThumbprintOf(stranger.Root)}, which is not trusted", unknown.Problem, StringComparison.Ordinal);

        Assert.Contains("not one for servers", Judge(Operators([pki.Root]), pki.IssueClient().Certificate, SslPolicyErrors.None).Certificate.Problem, StringComparison.Ordinal);
        Assert.Equal(
            "its certificate is for another-host.example, not for the URL's host",
            Judge(Operators([pki.Root]), pki.IssueServerOfAnotherHost(), SslPolicyErrors.RemoteCertificateNameMismatch).Certificate.Problem);
    }

    [Fact]
    public void What_is_weak_below_the_anchor_is_a_warning_and_by_setting_a_refusal()
    {
        using var rsa = RSA.Create(1024);
        var leaf = MtlsFunctions.Shared.Certificates.Issue(Name("weak"), rsa, now.AddDays(-1), now.AddDays(30), pki.Root, MtlsFunctions.Shared.Certificates.ForLeaf(ClientUsage.ServerAuth));
        var (code, seen) = Judge(Trust([pki.Root]), leaf, SslPolicyErrors.None);
        Assert.Null(code);
        Assert.Equal("the certificate 'CN=weak' has an RSA key of 1024 bits, 2048 are the least that is safe", Assert.Single(seen.Warnings!));

        (code, seen) = Judge(Operators([pki.Root], refuseWeak: true), leaf, SslPolicyErrors.None);
        Assert.Equal("tls-too-weak", code);
        Assert.Contains("1024 bits", seen.Problem, StringComparison.Ordinal);
        Assert.Equal("tls-too-weak", Judge(Operators([], refuseWeak: true).Of(The.Of(TrustedCa.Parse(pki.RootPem))), leaf, SslPolicyErrors.None).Code);
        Assert.Null(Judge(Operators([pki.Root], refuseWeak: true), pki.IssueServer(), SslPolicyErrors.None).Code);
    }

    [Fact]
    public void A_remote_cannot_fill_an_answer()
    {
        var names = Enumerable.Range(0, 400).Select(at => $"host{at}.example").ToArray();
        var seen = Judge(Trust([pki.Root]), pki.IssueServer(names), SslPolicyErrors.None, [.. Enumerable.Range(0, 20).Select(_ => pki.IssueServer())]).Certificate;
        Assert.Equal((50, 10), (seen.Names.Count, seen.Chain.Count));
        Assert.Equal("a?b", RemoteCertificate.Text("a\nb"));
        Assert.Equal(201, RemoteCertificate.Text(new string('x', 5000)).Length);
    }

    public void Dispose()
    {
        rootKey.Dispose();
        folder.Delete(recursive: true);
    }

    private void Believed(X509Certificate2 remote, X509Certificate2[] anchors, params X509Certificate2[] sent) =>
        Assert.Null(Judge(Trust(anchors), remote, SslPolicyErrors.None, sent).Code);

    private void Refused(string code, X509Certificate2 remote, X509Certificate2[] anchors, params X509Certificate2[] sent) =>
        Assert.Equal(code, Judge(Trust(anchors), remote, SslPolicyErrors.None, sent).Code);

    private RemoteTrust Trust(X509Certificate2[] anchors) =>
        Operators([]).Of(The.Of(TrustedCa.Parse(string.Concat(anchors.Select(one => one.ExportCertificatePem() + "\n")))));

    private RemoteTrust Operators(X509Certificate2[] roots, bool refuseWeak = false)
    {
        var path = Path.Combine(folder.FullName, $"{Guid.NewGuid():N}.pem");
        File.WriteAllText(path, string.Concat(roots.Select(one => one.ExportCertificatePem() + "\n")));
        return new RemoteTrust(Options.Create(new ForwardingOptions { TrustedRoots = roots.Length == 0 ? [] : [path], RefuseWeakRemoteCertificates = refuseWeak }));
    }

    // As the runtime does: it builds the chain by the trust's policy and asks with what it found.
    private static (string? Code, RemoteCertificate Certificate) Judge(RemoteTrust trust, X509Certificate2 remote, SslPolicyErrors errors, params X509Certificate2[] sent)
    {
        using var chain = new X509Chain { ChainPolicy = trust.Policy() };
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        var found = chain.Build(remote) ? errors : errors | SslPolicyErrors.RemoteCertificateChainErrors;
        return trust.Look(remote, chain, found);
    }

    private X509Certificate2 BelowIntermediate() =>
        pki.IssueClient("server", options => (options.FromIntermediate, options.Usage) = (true, ClientUsage.ServerAuth)).Certificate;

    private X509Certificate2 Root(ECDsa key, int endsInDays) =>
        MtlsFunctions.Shared.Certificates.Issue(Name("Renewable"), key, now.AddDays(-400), now.AddDays(endsInDays), issuer: null, MtlsFunctions.Shared.Certificates.ForAuthority());

    private X509Certificate2 Issued(X509Certificate2 issuer, DateTimeOffset? from = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return MtlsFunctions.Shared.Certificates.Issue(Name("server"), key, from ?? now.AddDays(-1), now.AddDays(30), issuer, MtlsFunctions.Shared.Certificates.ForLeaf(ClientUsage.ServerAuth));
    }

    private X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return MtlsFunctions.Shared.Certificates.Issue(Name(name), key, now.AddDays(-1), now.AddDays(30), issuer: null, MtlsFunctions.Shared.Certificates.ForLeaf(ClientUsage.ServerAuth));
    }

    private static X500DistinguishedName Name(string commonName) => new X500DistinguishedNameBuilder().Named(commonName);
}
