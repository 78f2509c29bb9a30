using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;
using MtlsFunctions.Shared;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>What breaks when. At a gateway of its own, whose clock brings a certificate past its end.</summary>
public sealed class ExpiringPageTests(ConsoleHost host, AzuriteFixture azurite) : ConsoleTest(host)
{
    // The name of the last month that begins before the mark, in a picture whose left edge is today, and the one that the date is in.
    private const string MonthScript = """
        (row, date) => {
          const percent = value => Number.parseFloat(value);
          const mark = percent(row.querySelector('circle').getAttribute('cx'));
          const begun = [...document.querySelectorAll('.axis text')].filter(text => percent(text.getAttribute('x')) <= mark);
          return `${begun.at(-1).textContent} ${new Date(date).toLocaleDateString('en-GB', { month: 'short', timeZone: 'UTC' })}`;
        }
        """;

    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private TestGateway gateway = null!;

    protected override string Url => $"{gateway.Url}/console";

    protected override TokenIssuer Tokens => gateway.Issuer;

    public override async ValueTask InitializeAsync()
    {
        gateway = await TestGateway.StartAsync(azurite, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await base.InitializeAsync();
    }

    [Fact]
    public async Task Certificates_stand_in_the_month_they_end_in_with_the_mappings_that_break()
    {
        var now = clock.GetUtcNow();
        var later = new DateTimeOffset(now.Year, now.Month, 15, 12, 0, 0, TimeSpan.Zero).AddMonths(7);
        var demo = gateway.As("demo");
        Task<long> UploadAsync(string name, DateTimeOffset end) => demo.UploadAsync(gateway.Pki.IssueClient(configure: options => options.NotAfter = end), name);
        var (over, soon) = (await UploadAsync("over", now.AddMinutes(10)), await UploadAsync("soon", now.AddDays(10)));
        await demo.MapAsync("https://a.example/hooks", over);
        var used = await UploadAsync("later", later);
        await demo.MapAsync("https://b.example/hooks", used);
        await demo.MapAsync("https://c.example/hooks", used);
        await UploadAsync("far", now.AddDays(400));
        clock.Advance(TimeSpan.FromMinutes(20));
        await SignInAsync("demo", "expiring");

        await Expect(Entry("over")).ToContainTextAsync("expired less than a day ago");
        await Expect(Entry("over")).ToContainTextAsync("1 mapping broken");
        await Expect(Entry("over")).ToContainTextAsync("Broken");
        await Expect(Entry("soon")).ToContainTextAsync("9 days left");
        await Expect(Entry("soon")).ToContainTextAsync("No mapping breaks");
        await Expect(Entry("soon")).ToContainTextAsync("Act now");
        await Entry("later").GetByText("2 mappings break").ClickAsync();
        await Expect(Entry("later").GetByText("WEBHOOKS https://b.example/hooks")).ToBeVisibleAsync();
        await Expect(Entry("later").GetByText("WEBHOOKS https://c.example/hooks")).ToBeVisibleAsync();
        await Expect(Entry("far")).ToHaveCountAsync(0);
        var months = (await Entry("later").EvaluateAsync<string>(MonthScript, later.ToString("O"))).Split(' ');
        Assert.Equal(months[1], months[0]);
        await Expect(Page.GetByRole(AriaRole.List, new() { Name = "How many" })).ToHaveTextAsync("1 Expired1 Within 14 days0 Within 60 days1 Later");

        await Button("Sign out").ClickAsync();
        await UseTokenAsync("other", Tokens.Token("other", "MTLS_READ_INTERNAL"));
        await Expect(Page.GetByText("Nothing expires within a year")).ToBeVisibleAsync();
    }

    private ILocator Entry(string name) => Page.Locator(".timeline > ul > li").Filter(new() { Has = Page.GetByText(name, new() { Exact = true }) });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await gateway.DisposeAsync();
    }
}
