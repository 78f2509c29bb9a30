using System.Net;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Certificates;

/// <summary>For clients that know the documented status of a p12 that can't be used.</summary>
public sealed class TesterFailureStatusTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("wrong password")]
    [InlineData("expired")]
    [InlineData("one byte too large")]
    [InlineData("hidden bomb")]
    public async Task Every_p12_that_cannot_be_used_gets_the_configured_status_and_other_faults_keep_theirs(string kind)
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?> { ["Certificates:TesterFailureStatus"] = "500" });
        var demo = gateway.As("demo");
        var bad = BadPkcs12.Make(kind, gateway.Pki);

        (await demo.TestAsync(bad.File, bad.Password)).IsProblem(HttpStatusCode.InternalServerError, bad.Problem);
        Assert.NotEqual(HttpStatusCode.InternalServerError, (await demo.UploadAsync(bad.File, "bad", bad.Password)).Status);
        (await demo.SendAsync(HttpMethod.Post, "/mtls/account/demo/p12-test/multipart", new MultipartFormDataContent { { new StringContent("x"), "password" } }))
            .IsProblem(HttpStatusCode.BadRequest, "request-invalid");
    }
}
