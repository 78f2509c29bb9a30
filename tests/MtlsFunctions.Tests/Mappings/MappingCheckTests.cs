using MtlsFunctions.Mappings;

namespace MtlsFunctions.Tests.Mappings;

/// <summary>The key of the first form, which clients build themselves, so every letter counts.</summary>
public sealed class MappingCheckTests
{
    [Fact]
    public void It_is_the_documented_text_misspelling_included() => Assert.Equal(
        "CertificateMappingParamters{serviceName='IDP', accountId='52653865', url='https://www.example.com'}",
        Text("IDP", "52653865", "https://www.example.com"));

    [Fact]
    public void A_service_that_was_named_by_its_id_appears_by_its_name() => Assert.Equal(
        "CertificateMappingParamters{serviceName='FAAS', accountId='demo', url='https://a.example/'}",
        Text("3", "demo", "https://a.example/"));

    [Fact]
    public void The_url_stands_as_it_was_submitted() => Assert.Contains(
        "url='HTTPS://A.example:443/x?q='y''}", Text("IDP", "demo", "HTTPS://A.example:443/x?q='y'"), StringComparison.Ordinal);

    private static string Text(string service, string account, string url) =>
        new MappingCheck(new SubmittedTriplet(service, account, null, url), The.Service(service), The.Account(account), Exists: true).Text;
}
