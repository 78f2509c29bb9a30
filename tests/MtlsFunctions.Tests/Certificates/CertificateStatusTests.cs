using MtlsFunctions.Certificates;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Tests.Certificates;

public sealed class CertificateStatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, CertificateRow, string, string?> Rows => new()
    {
        { "good", Row(), CertificateStatus.Available, null },
        { "in its last moment", Row(row => row.NotAfter = Now.AddTicks(1)), CertificateStatus.Available, null },
        { "expired", Row(row => row.NotAfter = Now), CertificateStatus.Expired, "expired" },
        { "disabled", Row(row => row.Disabled = true), CertificateStatus.Unavailable, "disabled" },
        { "disabled and expired", Row(row => (row.Disabled, row.NotAfter) = (true, Now)), CertificateStatus.Unavailable, "disabled" },
        { "never stored", Row(row => row.VaultVersion = null), CertificateStatus.Unavailable, "upload it again" },
        // A forward tries: the vault may have got it back.
        { "lost by the vault", Row(row => row.Lost = true), CertificateStatus.Unavailable, null },
    };

    [Theory]
    [MemberData(nameof(Rows), DisableDiscoveryEnumeration = true)]
    public void It_has_the_documented_spelling_and_says_why_a_forward_cannot_use_it(string what, CertificateRow row, string status, string? why)
    {
        Assert.True(status == CertificateStatus.Of(row, Now), what);
        if (why is null)
            Assert.Null(CertificateStatus.WhyUnusable(row, Now));
        else
            Assert.Contains(why, CertificateStatus.WhyUnusable(row, Now), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_spells_times_in_UTC_and_whole_seconds()
    {
        var row = Row(row => (row.NotBefore, row.NotAfter) = (new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)), Now));

        var answer = CertificateAnswer.Of(row, Now);

        Assert.Equal(("2026-01-02T01:04:05Z", "2026-11-24T12:00:00Z", "Expired", "demo"), (answer.NotBefore, answer.ExpirationDate, answer.Status, answer.SiteId));
    }

    private static CertificateRow Row(Action<CertificateRow>? change = null)
    {
        var row = new CertificateRow { PartitionKey = "demo", RowKey = "r", VaultVersion = "1", NotBefore = Now.AddDays(-1), NotAfter = Now.AddDays(1) };
        change?.Invoke(row);
        return row;
    }
}
