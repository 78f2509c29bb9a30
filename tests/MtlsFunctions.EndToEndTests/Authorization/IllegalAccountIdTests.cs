using System.Net;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>What isn't an account id never gets near a key, a path or a name.</summary>
public sealed class IllegalAccountIdTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private static readonly string[] Illegal =
    [
        new('a', 65), "a.b", "%C3%A4", "%D0%B0dmin", "..%2f", "..%2F..%2Fother", "a%2Fb", "a%5Cb",
        "%20", "demo%20", "demo%0A", "a'b", "a%23b", "a%3Fb", "a:b", "*", "$batch",
    ];

    /// <summary>These the server itself refuses, or resolves to another path: at most to that of another account.</summary>
    private static readonly string[] NotOurs = ["..", "%2e%2e", ".", "a%00b", ""];

    public static MatrixTheoryData<string, string> FunctionsAndIllegalIds => new(EveryFunction.WithAccountInRoute, Illegal);

    public static MatrixTheoryData<string, string> FunctionsAndOddPaths => new(EveryFunction.WithAccountInRoute, NotOurs);

    [Theory]
    [MemberData(nameof(FunctionsAndIllegalIds))]
    public async Task Every_function_refuses_what_is_not_an_account_id(string function, string account)
    {
        var call = EveryFunction.Find(function);

        call.IsRefused(await SendAsync(call, account), HttpStatusCode.BadRequest, "account-id-invalid");
    }

    [Theory]
    [MemberData(nameof(FunctionsAndOddPaths))]
    public async Task No_function_answers_a_path_whose_account_the_server_resolves_away(string function, string account)
    {
        var answer = await SendAsync(EveryFunction.Find(function), account);

        Assert.Contains(answer.Status, new[] { HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.NotFound });
    }

    private Task<Answer> SendAsync(FunctionCall call, string account) => RawHttp.SendAsync(
        shared.Gateway.Url, call.Method, call.Path(account), $"Authorization: Bearer {shared.Gateway.Issuer.Token("demo", "MTLS_WRITE_INTERNAL")}");
}
