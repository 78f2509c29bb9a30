using System.Net;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>The hosts have no middleware of ours: a function that forgets the gate is open, and these tests are what notices.</summary>
public sealed class MissingCredentialsTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Account = "demo";

    /// <summary>What stands in the header lines, given a token that would do if it came as it should.</summary>
    private static readonly Dictionary<string, Func<string, string[]>> Headers = new()
    {
        ["no header"] = _ => [],
        ["an empty header"] = _ => ["Authorization:"],
        ["Basic"] = _ => ["Authorization: Basic ZGVtbzpkZW1v"],
        ["a bearer that is empty"] = _ => ["Authorization: Bearer "],
        ["a bearer that is no token"] = _ => ["Authorization: Bearer garbage"],
        ["a bearer that looks like a token"] = _ => ["Authorization: Bearer a.b.c"],
        ["a good token twice"] = good => [$"Authorization: Bearer {good}", $"Authorization: Bearer {good}"],
        ["a good token after Basic"] = good => ["Authorization: Basic ZGVtbzpkZW1v", $"Authorization: Bearer {good}"],
        ["two good tokens in one line"] = good => [$"Authorization: Bearer {good}, Bearer {good}"],
        ["a good token without its scheme"] = good => [$"Authorization: {good}"],
        ["a good token under another scheme"] = good => [$"Authorization: Token {good}"],
        ["a good token in another header"] = good => [$"X-Authorization: Bearer {good}", $"Proxy-Authorization: Bearer {good}"],
        ["a good token in a cookie"] = good => [$"Cookie: access_token={good}"],
    };

    public static MatrixTheoryData<string, string> FunctionsAndHeaders => new(EveryFunction.Guarded, Headers.Keys);

    public static TheoryData<string> Functions => [.. EveryFunction.Guarded];

    [Theory]
    [MemberData(nameof(FunctionsAndHeaders))]
    public async Task Every_function_refuses_a_request_without_credentials(string function, string header)
    {
        var call = EveryFunction.Find(function);
        var lines = Headers[header](shared.Gateway.Issuer.Token(Account, "MTLS_WRITE_INTERNAL"));

        var answer = await RawHttp.SendAsync(shared.Gateway.Url, call.Method, call.Path(Account), lines);

        call.IsRefused(answer, HttpStatusCode.Unauthorized, "unauthorized");
        Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task A_good_token_in_the_query_counts_for_nothing(string function)
    {
        var call = EveryFunction.Find(function);
        var query = $"?access_token={shared.Gateway.Issuer.Token(Account, "MTLS_WRITE_INTERNAL")}";

        var answer = await RawHttp.SendAsync(shared.Gateway.Url, call.Method, call.Path(Account) + query);

        call.IsRefused(answer, HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task The_same_token_in_one_bearer_header_is_let_in_however_the_scheme_is_written(string scheme)
    {
        var token = shared.Gateway.Issuer.Token(Account, "MTLS_READ_INTERNAL");

        var answer = await RawHttp.SendAsync(
            shared.Gateway.Url, "GET", $"/mtls/account/{Account}/certificates", $"Authorization: {scheme} {token}");

        Assert.Equal((HttpStatusCode.OK, "[]"), (answer.Status, answer.Text));
    }

    [Fact]
    public void There_are_functions_and_every_exception_names_one()
    {
        Assert.NotEmpty(EveryFunction.Guarded);
        Assert.Empty(EveryFunction.Open.Concat(EveryFunction.OfNoAccount).Except(EveryFunction.Names));
    }
}
