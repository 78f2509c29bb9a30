using Microsoft.IdentityModel.Tokens;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>The public keys of our own tokens, as a JSON Web Key Set.</summary>
public sealed class GetSigningKeys(Gate gate, SigningKeys keys, IOptions<AccountOptions> options)
{
    [Function(nameof(GetSigningKeys))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sentinel/well-known/jwks")] HttpRequest request,
        CancellationToken cancellation) =>
        gate.AdmitAnyoneAsync(request, accountId: null, cancellation, async () =>
        {
            if (!options.Value.Enabled)
                return Answers.Problem(OwnTokens.SwitchedOff());
            // Whoever asks has seen a key id that it doesn't know, so a key of a moment ago must be among them.
            if (await keys.GetNewerThanAsync(await keys.GetAsync(cancellation) ?? [], cancellation) is not { } known)
                return Answers.Problem(new Failure(FailureKind.IssuerUnavailable, "The signing keys can't be read now: try again in a moment."));
            return Answers.Ok(new { Keys = known.OfType<RsaSecurityKey>().Select(Shown.Of) });
        });

    private sealed record Shown(string Kty, string Use, string Alg, string Kid, string N, string E)
    {
        public static Shown Of(RsaSecurityKey key) => new(
            "RSA", "sig", SecurityAlgorithms.RsaSha256, key.KeyId, Base64UrlEncoder.Encode(key.Parameters.Modulus), Base64UrlEncoder.Encode(key.Parameters.Exponent));
    }
}
