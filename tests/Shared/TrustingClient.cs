using System.Security.Cryptography.X509Certificates;

namespace MtlsFunctions.Shared;

/// <summary>For tests that talk to a server of their own directly: trusts given roots and follows no redirect.</summary>
public static class TrustingClient
{
    public static HttpClient Of(TestPki pki) => Of(pki.Roots);

    public static HttpClient Of(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = { CertificateChainPolicy = policy } });
    }
}
