using System.Text.RegularExpressions;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Tests.Storage;

/// <summary>Ids and row keys.</summary>
public sealed class KeyTests
{
    private static readonly string[] Kinds =
        [.. typeof(RowKinds).GetFields().Select(field => (string)field.GetRawConstantValue()!), RowKeys.Revision];

    [Fact]
    public void Ids_are_numbers_that_every_JSON_reader_keeps_exact_and_none_comes_twice()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => Ids.Next()).ToArray();

        Assert.All(ids, id => Assert.InRange(id, 1_000_000_000, (1L << 53) - 1));
        Assert.Distinct(ids);
        // Nowhere near a corner of that range.
        Assert.InRange(ids.Average(id => (double)id), 0.45 * (1L << 53), 0.55 * (1L << 53));
    }

    [Fact]
    public void Keys_of_a_kind_sort_by_id()
    {
        long[] ids = [1, 9, 10, 1_000_000_000, (1L << 53) - 1];

        Assert.Equal(ids.Select(id => RowKeys.Of("certificate", id)), ids.Reverse().Select(id => RowKeys.Of("certificate", id)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_range_of_a_kind_holds_its_keys_and_no_others()
    {
        Assert.Contains("certificate-name", Kinds);
        string[] KeysOf(string kind) => kind == RowKeys.Revision ? [kind] : [RowKeys.Of(kind, 0), RowKeys.Of(kind, long.MaxValue), RowKeys.Of(kind, "text"), RowKeys.Of(kind, "")];
        foreach (var kind in Kinds.Except([RowKeys.Revision]))
        {
            var (from, to) = RowKeys.Range(kind);
            bool IsInside(string key) => string.CompareOrdinal(key, from) >= 0 && string.CompareOrdinal(key, to) < 0;

            Assert.All(KeysOf(kind), key => Assert.True(IsInside(key), key));
            Assert.All(Kinds.Except([kind]).SelectMany(KeysOf), key => Assert.False(IsInside(key), $"{key} among {kind}"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/\\#?")]
    [InlineData("a\u0000b")]
    [InlineData("ä😀")]
    public void Text_that_people_choose_makes_a_legal_key_of_a_fixed_length(string text) =>
        Assert.Matches(new Regex(@"\Acertificate-name_[0-9a-f]{64}\z"), RowKeys.Of(RowKinds.CertificateName, text));

    [Fact]
    public void Texts_that_differ_in_anything_have_different_keys()
    {
        string[] texts = ["a", "A", "a ", " a", "ä", "a\u0308", "", "\0"];

        Assert.Distinct(texts.Select(text => RowKeys.Of(RowKinds.CertificateName, text)));
    }

    [Fact]
    public void Audit_keys_sort_by_time_and_a_cursor_stands_between_its_row_and_the_next()
    {
        var time = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        var (row, later) = (new AuditRow { RowKey = AuditRow.NewKey(time) }, AuditRow.NewKey(time.AddTicks(1)));
        var after = AuditRow.KeyAfter(row.ToCursor())!;

        Assert.Equal(
            [AuditRow.KeyAt(time), row.RowKey, after, AuditRow.KeyAt(time.AddTicks(1)), later],
            new[] { later, after, AuditRow.KeyAt(time.AddTicks(1)), row.RowKey, AuditRow.KeyAt(time) }.Order(StringComparer.Ordinal));
    }
}
