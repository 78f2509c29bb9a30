namespace MtlsFunctions.Accounts;

/// <summary>What the methods that issue tokens have in common.</summary>
internal static class OwnTokens
{
    public static Failure SwitchedOff() =>
        new(FailureKind.NotFound, "This deployment issues no tokens of its own: get one from its OpenID Connect issuer.");

    public static IResult Answer<T>(HttpRequest request, Outcome<T> outcome)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return outcome.TryGet(out var value, out var failure) ? Answers.Ok(value) : Answers.Problem(failure);
    }
}
