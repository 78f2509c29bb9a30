namespace MtlsFunctions.Tests;

public sealed class TimesTests
{
    [Theory]
    [InlineData("2027-01-31T10:20:30Z", "2027-01-31T10:20:30.0000000+00:00")]
    [InlineData("2027-01-31T10:20:30", "2027-01-31T10:20:30.0000000+00:00")]
    [InlineData("2027-01-31T10:20:30.1234567Z", "2027-01-31T10:20:30.1234567+00:00")]
    [InlineData("2027-01-31T10:20:30.5+02:00", "2027-01-31T08:20:30.5000000+00:00")]
    [InlineData("2027-01-31T10:20Z", "2027-01-31T10:20:00.0000000+00:00")]
    [InlineData("2027-01-31", "2027-01-31T00:00:00.0000000+00:00")]
    public void Iso_8601_is_understood_in_UTC_unless_it_says_otherwise(string text, string time)
    {
        Assert.True(Times.TryParse(text, out var parsed));
        Assert.Equal(time, parsed.ToString("O"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("1.5")]
    [InlineData("10:00")]
    [InlineData("01/31/2027")]
    [InlineData("2027-1-31")]
    [InlineData("2027-02-30")]
    [InlineData("2027-01-31T25:00:00Z")]
    [InlineData("2027-01-31 10:20:30Z")]
    [InlineData("2027-01-31T10:20:30 02:00")]
    [InlineData("1800000000")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    public void What_would_have_to_be_guessed_is_not_understood(string? text) => Assert.False(Times.TryParse(text, out _));
}
