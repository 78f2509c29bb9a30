using MtlsFunctions.Mappings;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Mappings;

public sealed class NewMappingTests
{
    private static readonly SubmittedMapping Good = new(null, "https://a.example/x?y", null, "1", null, "mine", "42");

    [Fact]
    public void A_good_one_keeps_what_was_said()
    {
        var mapping = The.Of(NewMapping.Parse(Good, The.Account()));
        Assert.Equal(("mine", "https://a.example/x?y", "IDP", 42, null), (mapping.Name, mapping.Url.Text, mapping.Service.Name, mapping.CertificateId, mapping.Enabled));
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    [InlineData(null, false, false)]
    public void Enable_left_out_means_enabled_when_new_and_unchanged_when_old(bool? said, bool before, bool after)
    {
        var mapping = The.Of(NewMapping.Parse(Good with { Enable = said }, The.Account()));
        var row = mapping.ToRow(The.Account());
        Assert.Equal(said ?? true, row.Enabled);

        row.Enabled = before;
        mapping.ApplyTo(row);
        Assert.Equal(after, row.Enabled);
    }

    [Fact]
    public void Trusted_roots_left_out_stay_as_they_are_and_an_empty_text_takes_them_away()
    {
        var (one, other) = (new TestPki().RootPem, new TestPki().RootPem);
        var row = The.Of(NewMapping.Parse(Good, The.Account())).ToRow(The.Account());
        Assert.Null(row.TrustedCa);
        foreach (var (said, after) in new (string?, string?)[] { (one, one), (null, one), (other, other), ("", null), (null, null) })
        {
            The.Of(NewMapping.Parse(Good with { TrustedCa = said }, The.Account())).ApplyTo(row);
            Assert.Equal(after, row.TrustedCa);
        }

        The.FailureOf(FailureKind.TrustedCaInvalid, NewMapping.Parse(Good with { TrustedCa = " " }, The.Account()));
    }

    [Fact]
    public void Its_row_lies_in_the_accounts_partition_under_a_new_id()
    {
        var mapping = The.Of(NewMapping.Parse(Good, The.Account("le1606809")));
        var (one, two) = (mapping.ToRow(The.Account("le1606809")), mapping.ToRow(The.Account("le1606809")));

        Assert.Equal(("le1606809", "mine", "https://a.example/x?y", "1", 42), (one.PartitionKey, one.Name, one.Url, one.ServiceId, one.CertificateId));
        Assert.NotEqual(one.Id, two.Id);
        Assert.NotEqual(one.RowKey, two.RowKey);
        Assert.InRange(one.Id, 1, (1L << 53) - 1);
        Assert.Equal(mapping.KeyRow, MappingKey.Of(one));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("demo")]
    public void The_site_may_be_left_out(string? site) => The.Of(NewMapping.Parse(Good with { SiteId = site }, The.Account("demo")));

    [Theory]
    [InlineData("other")]
    [InlineData("Demo")]
    [InlineData("")]
    public void Another_site_than_the_route_names_is_refused(string site) =>
        The.FailureOf(FailureKind.RequestInvalid, NewMapping.Parse(Good with { SiteId = site }, The.Account("demo")));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("99999999999999999999")]
    public void A_certificate_id_that_is_none_is_an_unknown_certificate(string? id) =>
        The.FailureOf(FailureKind.CertificateUnknown, NewMapping.Parse(Good with { CertificationId = id }, The.Account()));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("line\nbreak")]
    public void A_name_that_is_none_is_refused(string? name) =>
        The.FailureOf(FailureKind.NameInvalid, NewMapping.Parse(Good with { Name = name }, The.Account()));

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_name_has_at_most_256_characters(int length, bool taken) =>
        Assert.Equal(taken, NewMapping.Parse(Good with { Name = new string('n', length) }, The.Account()).TryGet(out _, out _));

    [Fact]
    public void Null_a_bad_url_and_an_unknown_service_are_refused()
    {
        The.FailureOf(FailureKind.RequestInvalid, NewMapping.Parse(null, The.Account()));
        The.FailureOf(FailureKind.UrlInvalid, NewMapping.Parse(Good with { Url = "http://a.example/" }, The.Account()));
        The.FailureOf(FailureKind.UrlInvalid, NewMapping.Parse(Good with { Url = null }, The.Account()));
        The.FailureOf(FailureKind.ServiceUnknown, NewMapping.Parse(Good with { ServiceId = "9" }, The.Account()));
        The.FailureOf(FailureKind.ServiceUnknown, NewMapping.Parse(Good with { ServiceId = null }, The.Account()));
    }
}
