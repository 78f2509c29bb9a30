using MtlsFunctions.Mappings;

namespace MtlsFunctions.Tests.Mappings;

public sealed class ServiceNameTests
{
    [Theory]
    [InlineData("TEST_SERVICE", "0")]
    [InlineData("IDP", "1")]
    [InlineData("WEBHOOKS", "2")]
    [InlineData("FAAS", "3")]
    public void Name_and_id_mean_the_same_service(string name, string id)
    {
        Assert.Equal(The.Service(name), The.Service(id));
        Assert.Same(ServiceName.OfId(id), The.Service(name));
        Assert.Equal((name, id, name), (The.Service(id).Name, The.Service(id).Id, The.Service(id).ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("idp")]
    [InlineData("IDP ")]
    [InlineData(" IDP")]
    [InlineData("IDP,FAAS")]
    [InlineData("01")]
    [InlineData("4")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("\u0661")] // Arabic 1
    public void Anything_else_is_refused_with_the_list_of_those_that_exist(string? text)
    {
        var failure = The.FailureOf(FailureKind.ServiceUnknown, ServiceName.Parse(text));
        Assert.All(["TEST_SERVICE", "IDP", "WEBHOOKS", "FAAS"], name => Assert.Contains(name, failure.Detail, StringComparison.Ordinal));
    }
}
