using MtlsFunctions.Authorization;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>Who passes.</summary>
public sealed class GateTests(SharedVerifier shared) : IClassFixture<SharedVerifier>
{
    [Fact]
    public async Task The_function_gets_the_caller_and_its_answer_is_the_answer()
    {
        Caller? seen = null;

        var answer = await new GateCall(shared.Plain).WithToken().AdmitAsync(caller =>
        {
            seen = caller;
            return Task.FromResult(Answers.Created(new { done = true }));
        }, TestContext.Current.CancellationToken);

        Assert.Equal((201, "demo", Permission.Read), (answer.Status, seen?.Account.Value, seen?.Granted));
    }

    [Theory]
    [InlineData(false, "no account id", Permission.Write, 401)]
    [InlineData(true, "no account id", Permission.Write, 400)]
    [InlineData(true, "other", Permission.Write, 403)]
    [InlineData(true, "Demo", Permission.Read, 403)]
    [InlineData(true, "", Permission.Read, 400)]
    [InlineData(true, "demo", Permission.Write, 403)]
    [InlineData(true, null, Permission.Write, 403)]
    [InlineData(true, "demo", Permission.Forward, 403)]
    [InlineData(true, "demo", Permission.Read, 200)]
    [InlineData(true, null, Permission.Read | Permission.Forward, 200)]
    public async Task A_function_runs_only_when_credentials_account_and_permission_hold(bool withToken, string? account, Permission anyOf, int status)
    {
        var ran = false;
        var call = new GateCall(shared.Plain);

        var answer = await (withToken ? call.WithToken() : call).AdmitAsync(_ =>
        {
            ran = true;
            return Task.FromResult(Answers.Ok(1));
        }, TestContext.Current.CancellationToken, account, anyOf);

        Assert.Equal((status, status == 200), (answer.Status, ran));
        Assert.Equal(status == 401, answer.Headers.WWWAuthenticate.Count == 1);
    }
}
