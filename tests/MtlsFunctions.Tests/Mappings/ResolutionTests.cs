using MtlsFunctions.Mappings;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Tests.Mappings;

public sealed class ResolutionTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly MappingRow Mapping = new() { Id = 7, Name = "mine", CertificateId = 42, Enabled = true };

    public static TheoryData<string, CertificateRow?> Unusable => new()
    {
        { "gone", null },
        { "vault", new CertificateRow { VaultVersion = null, NotAfter = Now.AddDays(1) } },
        { "expired", new CertificateRow { VaultVersion = "v1", NotAfter = Now } },
        { "expired", new CertificateRow { VaultVersion = "v1", NotAfter = Now.AddTicks(-1) } },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void A_mapped_certificate_that_cannot_be_presented_is_unusable_and_says_why(string why, CertificateRow? certificate)
    {
        var resolution = new Resolution(Mapping, certificate);
        var failure = resolution.Unusable(Now)!;

        Assert.Equal(FailureKind.CertificateUnusable, failure.Kind);
        Assert.All([why, "'mine'", "(7)", "42"], part => Assert.Contains(part, failure.Detail, StringComparison.Ordinal));
        Assert.False(resolution.Exists(Now));
    }

    [Fact]
    public void Until_its_last_tick_a_stored_certificate_is_usable()
    {
        var resolution = new Resolution(Mapping, new CertificateRow { VaultVersion = "v1", NotAfter = Now.AddTicks(1) });

        Assert.Null(resolution.Unusable(Now));
        Assert.True(resolution.Exists(Now));
        Assert.False(Resolution.NotMapped.Exists(Now));
    }
}
