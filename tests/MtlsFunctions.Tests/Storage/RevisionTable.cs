using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Moq;
using MtlsFunctions.Authorization;
using MtlsFunctions.Authorization.OAuth;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Tests.Storage;

/// <summary>
/// A table that holds nothing but revisions and can be down or slow at the test's word, which no real one can to the moment; and what
/// an instance knows of it, by a clock that only the test moves.
/// </summary>
public sealed class RevisionTable : IDisposable
{
    public static readonly AccountId Account = ConsumerKey.Parse("demo.1")!.Value.Account;

    private readonly AccountTable table;

    public RevisionTable(RuntimeOptions? options = null)
    {
        var client = new Mock<TableClient>();
        client.Setup(one => one.CreateIfNotExistsAsync(It.IsAny<CancellationToken>())).ReturnsAsync(Response.FromValue(new TableItem("t"), Mock.Of<Response>()));
        client.Setup(one => one.GetEntityIfExistsAsync<RevisionRow>(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<IEnumerable<string>>(), It.IsAny<CancellationToken>()))
            .Returns(ReadAsync);
        client.Setup(one => one.SubmitTransactionAsync(It.IsAny<IEnumerable<TableTransactionAction>>(), It.IsAny<CancellationToken>()))
            .Callback(() => Value++)
            .ReturnsAsync(Response.FromValue<IReadOnlyList<Response>>([], Mock.Of<Response>()));
        table = new AccountTable(client.Object);
        Revisions = new AccountRevisions(table, Options.Create(options ?? new RuntimeOptions()), Clock, NullLogger<AccountRevisions>.Instance);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    public AccountRevisions Revisions { get; }

    /// <summary>What the table holds now.</summary>
    public long Value { get; set; } = 1;

    public int Reads { get; private set; }

    public bool Down { get; set; }

    /// <summary>Reads that begin now are answered when this ends; with what was there when they began.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    public ValueTask<(long Revision, bool Current)> GetAsync() => Revisions.GetAsync(Account, TestContext.Current.CancellationToken);

    /// <summary>A change of this instance.</summary>
    public Task ChangeAsync() => table.ChangeAsync<int>(Account, _ => Task.FromResult<Outcome<int>>(0), TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Revisions.Dispose();
        table.Dispose();
    }

    private async Task<NullableResponse<RevisionRow>> ReadAsync(string partition, string row, IEnumerable<string> select, CancellationToken cancellation)
    {
        Reads++;
        var (seen, down) = (Value, Down);
        await Held;
        return down ? throw new RequestFailedException("down")
            : Response.FromValue(new RevisionRow { PartitionKey = partition, RowKey = row, Value = seen, ETag = new ETag($"{seen}") }, Mock.Of<Response>());
    }
}
