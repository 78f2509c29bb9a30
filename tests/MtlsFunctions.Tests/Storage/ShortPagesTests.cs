using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Moq;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Tests.Storage;

/// <summary>The table service may answer with fewer rows than there are, even with none, and a promise of more. Azurite never does.</summary>
public sealed class ShortPagesTests
{
    [Theory]
    [InlineData(3, new[] { 1, 2, 3 })]
    [InlineData(5, new[] { 1, 2, 3, 4, 5 })]
    [InlineData(100, new[] { 1, 2, 3, 4, 5, 6 })]
    public async Task A_page_is_as_long_as_was_asked_for_however_the_service_cuts_its_answers(int size, int[] expected)
    {
        using var table = Make([1, 2], [], [3], [], [], [4, 5, 6]);

        var rows = await table.PageAsync<AuditRow>(RevisionTable.Account, "audit_", "audit`", size, TestContext.Current.CancellationToken);

        Assert.Equal(expected, rows.Select(row => row.Status));
    }

    [Fact]
    public async Task A_list_is_whole_however_the_service_cuts_its_answers()
    {
        using var table = Make([], [1], [2, 3]);

        Assert.Equal([1, 2, 3], (await table.ListAsync<AuditRow>(RevisionTable.Account, "audit", TestContext.Current.CancellationToken)).Select(row => row.Status));
    }

    private static AccountTable Make(params int[][] answers)
    {
        var pages = answers.Select((answer, at) => Page<AuditRow>.FromValues(
            [.. answer.Select(number => new AuditRow { Status = number })], at < answers.Length - 1 ? $"{at}" : null, Mock.Of<Response>()));
        var client = new Mock<TableClient>();
        client.Setup(one => one.CreateIfNotExistsAsync(It.IsAny<CancellationToken>())).ReturnsAsync(Response.FromValue(new TableItem("t"), Mock.Of<Response>()));
        client.Setup(one => one.QueryAsync<AuditRow>(It.IsAny<string>(), It.IsAny<int?>(), It.IsAny<IEnumerable<string>>(), It.IsAny<CancellationToken>()))
            .Returns(AsyncPageable<AuditRow>.FromPages(pages));
        return new AccountTable(client.Object);
    }
}
