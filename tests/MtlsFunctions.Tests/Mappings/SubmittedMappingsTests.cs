using MtlsFunctions.Mappings;

namespace MtlsFunctions.Tests.Mappings;

public sealed class SubmittedMappingsTests
{
    private static readonly SubmittedMapping Bad = Good(0) with { Url = "http://a.example/" };

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(9)]
    public void The_first_bad_item_is_named_by_its_index(int at)
    {
        SubmittedMapping?[] items = [.. Enumerable.Range(0, 10).Select(item => item >= at ? Bad : Good(item))];
        Assert.Equal(at, The.FailureOf(FailureKind.UrlInvalid, SubmittedMappings.Parse(items, The.Account())).Index);
    }

    [Fact]
    public void Null_in_the_array_is_named_by_its_index() =>
        Assert.Equal(1, The.FailureOf(FailureKind.RequestInvalid, SubmittedMappings.Parse([Good(0), null], The.Account())).Index);

    [Fact]
    public void An_empty_array_is_refused_and_33_is_the_most()
    {
        Assert.Equal(33, AccountMappings.MaxItems);
        Assert.Equal(33, The.Of(SubmittedMappings.Parse([.. Enumerable.Range(0, 33).Select(Good)], The.Account())).Length);
        The.FailureOf(FailureKind.RequestInvalid, SubmittedMappings.Parse([], The.Account()));
        var tooMany = The.FailureOf(FailureKind.TooManyItems, SubmittedMappings.Parse([.. Enumerable.Range(0, 34).Select(Good)], The.Account()));
        Assert.All(["33", "34"], number => Assert.Contains(number, tooMany.Detail, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-7")]
    [InlineData("7.0")]
    [InlineData("99999999999999999999")]
    public void An_update_names_each_mapping_by_its_id(string? id) => Assert.Equal(1, The.FailureOf(
        FailureKind.RequestInvalid, SubmittedMappings.ParseWithIds([Good(0) with { Id = "7" }, Good(1) with { Id = id }], The.Account())).Index);

    [Fact]
    public void An_update_names_no_mapping_twice()
    {
        var twice = SubmittedMappings.ParseWithIds([Good(0) with { Id = "7" }, Good(1) with { Id = "8" }, Good(2) with { Id = "07" }], The.Account());
        Assert.Equal(2, The.FailureOf(FailureKind.RequestInvalid, twice).Index);
    }

    private static SubmittedMapping Good(int number) => new(null, $"https://a.example/{number}", true, "1", null, $"mapping {number}", "42");
}
