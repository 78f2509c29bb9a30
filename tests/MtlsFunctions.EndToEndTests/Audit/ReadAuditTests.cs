using System.Net;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using MtlsFunctions.Storage;

namespace MtlsFunctions.EndToEndTests.Audit;

/// <summary>Reading the trail, and what becomes of it when the table is down.</summary>
public sealed class ReadAuditTests(AzuriteFixture azurite, AccountsFixture accounts) : IClassFixture<AccountsFixture>
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(99, 1)]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(250, 3)]
    public async Task Pages_of_a_hundred_together_are_the_whole_trail_in_its_order(int rows, int pages)
    {
        var account = accounts.NewAccount();
        await FillAsync(account, rows);

        var read = await PagesAsync(account, "");

        Assert.Equal(pages, read.Count);
        Assert.Equal(Enumerable.Range(0, rows), read.SelectMany(page => page));
        Assert.All(read.SkipLast(1), page => Assert.Equal(100, page.Length));
    }

    [Fact]
    public async Task Actions_of_the_same_moment_are_neither_lost_nor_repeated_between_pages()
    {
        var account = accounts.NewAccount();
        await FillAsync(account, 205, spacing: TimeSpan.Zero);

        var read = await PagesAsync(account, "");

        Assert.Equal([100, 100, 5], read.Select(page => page.Length));
        Assert.Equal(Enumerable.Range(0, 205), read.SelectMany(page => page).Order());
    }

    [Theory]
    [InlineData("", "", 0, 150)]
    [InlineData("2026-05-01T12:00:10Z", "", 10, 150)]
    [InlineData("", "2026-05-01T12:00:10Z", 0, 10)]
    [InlineData("2026-05-01T12:00:10Z", "2026-05-01T12:02:00Z", 10, 120)]
    [InlineData("2026-05-01T14:00:10.5%2B02:00", "2026-05-01T12:00:12.0000001Z", 11, 13)]
    [InlineData("2026-05-02", "", 150, 150)]
    [InlineData("", "2026-05-01", 0, 0)]
    [InlineData("2026-05-01T12:00:10Z", "2026-05-01T12:00:10Z", 10, 10)]
    [InlineData("0001-01-01", "9999-12-31T23:59:59Z", 0, 150)]
    public async Task From_counts_and_to_does_not_on_every_page(string from, string to, int first, int end)
    {
        var account = accounts.NewAccount();
        await FillAsync(account, 150);
        var query = (from.Length > 0 ? $"&from={from}" : "") + (to.Length > 0 ? $"&to={to}" : "");

        Assert.Equal(Enumerable.Range(first, end - first), (await PagesAsync(account, query)).SelectMany(page => page));
    }

    [Theory]
    [InlineData("from=yesterday")]
    [InlineData("from=")]
    [InlineData("from=10:00")]
    [InlineData("from=1.5")]
    [InlineData("from=2026-05-01T12:00:00+02:00")]
    [InlineData("from=2026-05-01&from=2026-05-02")]
    [InlineData("to=2026-13-01")]
    [InlineData("to=1777636800")]
    [InlineData("from=2026-05-02&to=2026-05-01")]
    [InlineData("from=2999-01-01")]
    [InlineData("next=")]
    [InlineData("next=0")]
    [InlineData("next=certificate_0000000000004711")]
    [InlineData("next=audit_0638816832000000000-00000000000000000000000000000000")]
    [InlineData("next=0638816832000000000-0000000000000000000000000000000'")]
    [InlineData("next=0638816832000000000-00000000000000000000000000000000%00")]
    [InlineData("next=0638816832000000000-00000000000000000000000000000000%0A")]
    [InlineData("next=%F0%9F%98%80")]
    public async Task A_parameter_that_makes_no_sense_is_refused(string query)
    {
        var account = accounts.NewAccount();

        (await account.GetAsync($"{account.AuditPath()}?{query}")).IsProblem(HttpStatusCode.BadRequest, "request-invalid");
    }

    [Fact]
    public async Task Nobody_reads_of_another_account_whatever_the_position()
    {
        var (account, stranger) = (accounts.NewAccount(), accounts.NewAccount());
        await FillAsync(account, 101);
        await FillAsync(stranger, 3);
        var next = (string)(await account.GetAsync(account.AuditPath())).Json["next"]!;

        Assert.Empty(await stranger.ReadTrailAsync($"?next={next}"));
        Assert.Equal(3, (await stranger.ReadTrailAsync()).Length);
        (await stranger.GetAsync(account.AuditPath())).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_row_that_cannot_be_written_neither_undoes_the_action_nor_goes_unnoticed()
    {
        var tap = new TableTap(azurite);
        await using var gateway = await TestGateway.StartAsync(azurite, configure: tap.Install);
        var demo = gateway.As("demo");
        await demo.CreateAppKeyAsync("MTLS_FORWARD");
        foreach (var fault in new[] { new RequestFailedException("The tap is closed."), new RequestFailedException(400, "PropertyValueTooLarge") })
        {
            // Rows by themselves; changes are transactions.
            tap.Before = (method, uri) => method == "POST" && !uri.EndsWith("$batch", StringComparison.Ordinal) ? throw fault : Task.CompletedTask;

            await demo.CreateAppKeyAsync("MTLS_FORWARD");
        }

        tap.Before = null;
        Assert.Equal(3, (await demo.GetAsync("/mtls/account/demo/app-keys")).Json.AsArray().Count);
        Assert.Single(await demo.ReadTrailAsync());
        Assert.Equal(3, gateway.Log.Lines.Count(line => line.Text.StartsWith("Audit account=demo ", StringComparison.Ordinal)));
        Assert.Equal(2, gateway.Log.Lines.Count(line => line.Level == LogLevel.Error && line.Text.StartsWith("The audit row of app-key.create in account demo could not be written", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_action_that_the_table_keeps_waiting_is_not_kept_waiting_once_more_for_its_row()
    {
        var held = new TaskCompletionSource();
        var tap = new TableTap(azurite);
        await using var gateway = await TestGateway.StartAsync(azurite, configure: tap.Install);
        var demo = gateway.As("demo");
        await demo.CreateAppKeyAsync("MTLS_FORWARD");
        tap.Before = (method, uri) => uri.EndsWith("$batch", StringComparison.Ordinal) ? throw new RequestFailedException("The tap is closed.")
            : method == "POST" ? held.Task : Task.CompletedTask;

        var answer = await demo.PostRawAsync("/mtls/account/demo/app-keys", """{"name":"n","permissions":["MTLS_FORWARD"]}""");

        answer.IsProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
        held.SetResult();
        // The row is written beside the answer.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while ((await demo.ReadTrailAsync()).Length < 2)
            patience.Token.ThrowIfCancellationRequested();
        Assert.Equal(503, (await demo.ReadTrailAsync())[^1].Status);
    }

    /// <summary>Numbered from 0 by their status, a second apart.</summary>
    private async Task FillAsync(GatewayClient account, int rows, TimeSpan? spacing = null)
    {
        var table = accounts.Gateway.Service<TableClient>();
        await account.ReadTrailAsync();
        var all = Enumerable.Range(0, rows).Select(number => new AuditRow
        {
            PartitionKey = account.Account,
            RowKey = AuditRow.NewKey(Start + (number * (spacing ?? TimeSpan.FromSeconds(1)))),
            When = Start + (number * (spacing ?? TimeSpan.FromSeconds(1))),
            Status = number,
        });
        foreach (var some in all.Chunk(100))
            await table.SubmitTransactionAsync(some.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), TestContext.Current.CancellationToken);
    }

    private static async Task<List<int[]>> PagesAsync(GatewayClient account, string query)
    {
        var pages = new List<int[]>();
        for (string? next = null; pages.Count == 0 || next is not null;)
        {
            var page = await account.GetAsync($"{account.AuditPath()}?{(next is null ? "" : $"next={next}")}{query}");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            pages.Add([.. page.Json["entries"]!.AsArray().Select(entry => (int)entry!["status"]!)]);
            next = (string?)page.Json["next"];
        }

        return pages;
    }
}
