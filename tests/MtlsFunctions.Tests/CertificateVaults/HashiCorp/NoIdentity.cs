using Azure.Core;
using Azure.Identity;

namespace MtlsFunctions.Tests.CertificateVaults.HashiCorp;

/// <summary>A machine without Azure identity.</summary>
public sealed class NoIdentity : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new CredentialUnavailableException("There is no identity here.");

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new CredentialUnavailableException("There is no identity here.");
}
