namespace MtlsFunctions.Tests.Conventions;

public sealed class RouteTemplateTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "A/B", true)]
    [InlineData("a/{x}", "a/b", true)]
    [InlineData("a/{x}", "a/{y:long}", true)]
    [InlineData("a/{x:long}", "a/{y:long}", true)]
    [InlineData("a/{x:long}", "a/17", true)]
    [InlineData("{x}/b", "a/{y}", true)]
    [InlineData("{x}/b/c", "a/{y:long}/c", false)]
    [InlineData("a/{x:long}", "a/by-file", false)]
    [InlineData("a/{x:long}", "a/17b", false)]
    [InlineData("a/{x}", "a", false)]
    [InlineData("a/{x}/b", "a/{x}/c", false)]
    [InlineData("a/{x}/{y:long}", "a/{x}/by-file", false)]
    public void Two_templates_overlap_when_one_path_fits_both(string one, string other, bool overlap)
    {
        Assert.Equal(overlap, new RouteTemplate(one).CanMatchSamePathAs(new RouteTemplate(other)));
        Assert.Equal(overlap, new RouteTemplate(other).CanMatchSamePathAs(new RouteTemplate(one)));
    }

    [Theory]
    [InlineData("mtls/account/{accountId}/certificates/{certificateId:long}/download", true)]
    [InlineData("api/account/{accountId}/service/baseURI.json", true)]
    [InlineData("/mtls", false)]
    [InlineData("mtls/", false)]
    [InlineData("mtls/{*rest}", false)]
    [InlineData("mtls/{id?}", false)]
    [InlineData("mtls/{id=1}", false)]
    [InlineData("mtls/{id:int}", false)]
    [InlineData("mtls/{id:long:min(1)}", false)]
    [InlineData("mtls/{name}.json", false)]
    [InlineData("mtls/[controller]", false)]
    public void Plain_templates_have_literals_and_whole_segments_only(string template, bool plain) =>
        Assert.Equal(plain, new RouteTemplate(template).IsPlain);

    [Fact]
    public void Parameters_are_known_with_their_constraints() => Assert.Equal(
        [KeyValuePair.Create("accountId", ""), KeyValuePair.Create("certificateId", "long")],
        new RouteTemplate("mtls/{accountId}/{certificateId:long}").Parameters);
}
