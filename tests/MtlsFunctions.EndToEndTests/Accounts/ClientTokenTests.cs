using System.Net;
using System.Text;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Accounts;

/// <summary>A client's secret for a token.</summary>
public sealed class ClientTokenTests(PersonsGateway persons) : IClassFixture<PersonsGateway>
{
    private const string Path = "/sentinel/api/v2/account/demo/app/token";

    private TestGateway Gateway => persons.Gateway;

    [Theory]
    [InlineData("v2/")]
    [InlineData("")]
    public async Task Both_paths_answer_with_three_strings(string version)
    {
        var answer = await Gateway.TokenAsync(version: version);

        Assert.Equal((HttpStatusCode.OK, "no-store"), (answer.Status, answer.Header("Cache-Control")));
        Assert.Equal($$"""{"access_token":"{{(string?)answer.Json["access_token"]}}","token_type":"Bearer","expires_in":"3600"}""", answer.Text);
    }

    [Fact]
    public async Task A_client_may_forward_and_check_and_nothing_else()
    {
        await using var remote = await MtlsServer.StartAsync(Gateway.Pki);
        var faas = Gateway.WithToken("demo", (string)(await Gateway.TokenAsync()).Json["access_token"]!);
        await Gateway.As("demo").MapAsync(remote.Url, await Gateway.As("demo").UploadAsync(Gateway.Pki.IssueClient()), service: "3");

        Assert.Equal(HttpStatusCode.OK, (await faas.ForwardAsync(HttpMethod.Post, remote.Url, "FAAS", new StringContent("order"))).Status);
        (await faas.GetAsync(faas.CertificatesPath)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_client_has_the_scopes_that_are_configured()
    {
        var reader = Gateway.WithToken("demo", (string)(await Gateway.TokenAsync("reader")).Json["access_token"]!);

        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(reader.CertificatesPath)).Status);
        (await reader.ForwardAsync(HttpMethod.Post, "https://remote.example")).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Theory]
    [InlineData("faas", "guessed", "demo")]
    [InlineData("faas", "", "demo")]
    [InlineData("FAAS", Persons.ClientSecret, "demo")]
    [InlineData("faas", Persons.ClientSecret, "other")]
    [InlineData(Persons.LoginName, Persons.Password, "demo")]
    [InlineData("nobody", "guessed", "nobody")]
    [InlineData("", "", "demo")]
    public async Task Whatever_does_not_fit_is_answered_alike(string client, string secret, string account) =>
        (await Gateway.TokenAsync(client, secret, account)).IsProblem(HttpStatusCode.Unauthorized, "login-failed");

    [Theory]
    [InlineData("password")]
    [InlineData("")]
    [InlineData("CLIENT_CREDENTIALS")]
    public async Task Another_grant_is_refused(string grant) =>
        (await Gateway.TokenAsync(grant: grant)).IsProblem(HttpStatusCode.BadRequest, "request-invalid");

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("text/plain", "grant_type=client_credentials")]
    [InlineData("multipart/form-data", "grant_type=client_credentials")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\ncl")]
    [InlineData("application/x-www-form-urlencoded", "")]
    [InlineData("application/x-www-form-urlencoded", "a=1&a=2&a=3&a=4&a=5&a=6&a=7&a=8&a=9&a=10&a=11&a=12&a=13&a=14&a=15&a=16&a=17")]
    public async Task A_body_that_is_no_such_form_is_refused(string type, string body) =>
        (await SendAsync(type, body)).IsProblem(HttpStatusCode.BadRequest, "request-invalid");

    [Fact]
    public async Task A_form_without_a_client_is_refused_like_a_wrong_one() =>
        (await SendAsync("application/x-www-form-urlencoded", "grant_type=client_credentials")).IsProblem(HttpStatusCode.Unauthorized, "login-failed");

    [Fact]
    public async Task A_huge_form_is_refused_unread() =>
        (await SendAsync("application/x-www-form-urlencoded", new string('a', 16 * 1024 + 1))).IsProblem(HttpStatusCode.RequestEntityTooLarge, "request-too-large");

    private Task<Answer> SendAsync(string type, string body)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return Gateway.WithToken("demo", null).SendAsync(HttpMethod.Post, Path, content);
    }
}
