using System.Net;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>Who may do what, as api.md section 3 says; written down here by hand, so that a function can't decide it for itself.</summary>
public sealed class PermissionMatrixTests(MatrixGateway matrix) : IClassFixture<MatrixGateway>
{
    private const string Account = MatrixGateway.Account;

    /// <summary>Api.md section 3: both are accepted everywhere.</summary>
    private static readonly string[] Credentials = ["Bearer", "AppKey"];

    private static readonly string[] Write = ["write"];
    private static readonly string[] Read = ["read", "write"];
    private static readonly string[] Forward = ["forward", "external", "write"];
    private static readonly string[] ReadOrForward = ["read", "forward", "external", "write"];

    /// <summary>Who is let in, and what an account without anything is answered then (bodies and control headers are left out).</summary>
    private static readonly Dictionary<string, (string[] LetIn, int Answer)> Table = new()
    {
        ["TestPkcs12 POST"] = (Read, 400),
        ["CreateCertificateByFile POST"] = (Write, 400),
        ["CreateCertificateByFileOlderSpelling POST"] = (Write, 400),
        ["CreateCertificates POST"] = (Write, 400),
        ["UpdateCertificateByFile PUT"] = (Write, 400),
        ["UpdateCertificateByFileOlderSpelling PUT"] = (Write, 400),
        ["UpdateCertificates PUT"] = (Write, 400),
        ["ActivateCertificate POST"] = (Write, 400),
        ["ListCertificates GET"] = (Read, 200),
        ["GetCertificate GET"] = (Read, 404),
        ["DownloadCertificate GET"] = (Read, 404),
        ["DeleteCertificate DELETE"] = (Write, 404),
        ["ListCertificateVersions GET"] = (Read, 404),
        ["RollbackCertificate POST"] = (Write, 404),
        ["DisableCertificate POST"] = (Write, 404),
        ["EnableCertificate POST"] = (Write, 404),
        ["ListExpiringCertificates GET"] = (Read, 200),
        ["Explain POST"] = (Read, 400),
        ["CreateMappings POST"] = (Write, 400),
        ["UpdateMappings PUT"] = (Write, 400),
        ["UpdateMapping PUT"] = (Write, 400),
        ["DeleteMappings DELETE"] = (Write, 404),
        ["ListMappings GET"] = (Read, 200),
        ["GetMapping GET"] = (Read, 404),
        ["CheckMappings POST"] = (ReadOrForward, 200),
        ["CheckServiceUrlMappings POST"] = (ReadOrForward, 400),
        ["Forward GET"] = (ReadOrForward, 400),
        ["Forward HEAD"] = (ReadOrForward, 400),
        ["Forward OPTIONS"] = (ReadOrForward, 400),
        ["Forward POST"] = (Forward, 400),
        ["Forward PUT"] = (Forward, 400),
        ["Forward PATCH"] = (Forward, 400),
        ["Forward DELETE"] = (Forward, 400),
        ["GetHealthDetails GET"] = (Read, 200),
        ["CreateAppKey POST"] = (Write, 400),
        ["ListAppKeys GET"] = (Write, 200),
        ["DeleteAppKey DELETE"] = (Write, 404),
        ["ReadAudit GET"] = (Read, 200),
        ["RefreshLogin POST"] = (Read, 403),
    };

    public static MatrixTheoryData<string, string, string> FunctionsCredentialsAndPermissions => new(Table.Keys, Credentials, MatrixGateway.Scopes.Keys);

    [Theory]
    [MemberData(nameof(FunctionsCredentialsAndPermissions))]
    public async Task A_permission_opens_what_the_table_says_and_nothing_else(string function, string credential, string permission)
    {
        var call = EveryFunction.Find(function);
        var (letIn, expected) = Table[function];

        var answer = await call.SendAsync(matrix.With(credential, permission), Account);

        if (letIn.Contains(permission))
            Assert.Equal(expected, (int)answer.Status);
        else
            call.IsRefused(answer, HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public void The_table_has_every_function_that_needs_credentials() => Assert.Equal(EveryFunction.Guarded.Order(), Table.Keys.Order());

    [Fact]
    public async Task A_token_that_has_no_scope_at_all_may_do_nothing()
    {
        var token = matrix.Shared.Gateway.Issuer.Token(new TokenRequest(Account) { Claims = new Dictionary<string, JsonNode?> { ["scope"] = null } });

        foreach (var call in EveryFunction.Guarded.Select(EveryFunction.Find))
            call.IsRefused(await call.SendAsync(matrix.Shared.Gateway.WithToken(Account, token), Account), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Read_and_forward_together_do_not_make_write()
    {
        var both = matrix.Shared.Gateway.As(Account, "MTLS_READ_INTERNAL", "MTLS_FORWARD");
        var call = EveryFunction.Find("CreateMappings POST");

        call.IsRefused(await call.SendAsync(both, Account), HttpStatusCode.Forbidden, "forbidden");
    }
}
