using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>Which certificate URLs would use, and why not.</summary>
public sealed class CheckPageTests(ConsoleHost host) : ConsoleTest(host)
{
    [Fact]
    public async Task Each_line_says_which_certificate_or_why_none_and_what_comes_near()
    {
        var account = Host.NewAccount();
        var url = $"{Host.Session.SandboxUrl}/orders?customer=42";
        await account.MapAsync(url, await Host.UploadAsync(account, "orders"));
        await SignInAsync(account.Account, "check");
        await Field("URLs").FillAsync($"{url}\n{url}0\n\n{url}\nhttp://plain.example/\nnonsense");
        await Button("Check").ClickAsync();

        var results = Page.GetByRole(AriaRole.List, new() { Name = "Results" }).Locator(":scope > li");
        await Expect(results).ToHaveCountAsync(4);
        await Expect(results.Nth(0)).ToContainTextAsync("orders, version 1, would be presented");
        await Expect(results.Nth(1)).ToContainTextAsync("None");
        await Expect(results.Nth(1)).ToContainTextAsync("Nearest mappings:");
        await Expect(results.Nth(1)).ToContainTextAsync($"WEBHOOKS {url} its URL differs in the query");
        foreach (var bad in new[] { 2, 3 })
        {
            await Expect(results.Nth(bad)).ToContainTextAsync("Not a URL");
            await Expect(results.Nth(bad)).ToContainTextAsync("The URL must be absolute and start with https://");
        }

        await Field("Service of the requests").SelectOptionAsync("IDP");
        await Field("URLs").FillAsync(url);
        await Button("Check").ClickAsync();
        await Expect(results).ToHaveCountAsync(1);
        await Expect(results).ToContainTextAsync("it is for WEBHOOKS, not IDP");
        await Field("URLs").FillAsync(string.Join('\n', Enumerable.Range(1, 51).Select(number => $"{url}{number}")));
        await Button("Check").ClickAsync();
        await Expect(Alert).ToContainTextAsync("These are 51 different ones, and 50 are checked at once");
    }
}
