using Microsoft.Playwright;
using MtlsFunctions.Shared;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>Each page with something on it and without: accessible in both colour schemes, nothing wider than the window, and pictures of it.</summary>
public sealed class EveryPageTests(ConsoleHost host) : ConsoleTest(host)
{
    private static readonly string[] Pages = ["Certificates", "Mappings", "Check", "Try", "Expiring", "App keys"];

    [Fact]
    public async Task Pages_are_accessible_and_fit()
    {
        var account = Host.NewAccount();
        var url = $"{Host.Session.SandboxUrl}/orders?customer=42";
        await account.MapAsync(url, await Host.UploadAsync(account, "Orders partner"));
        await account.CreateAppKeyAsync("MTLS_FORWARD");
        await SignInAsync(account.Account);
        foreach (var page in Pages)
            await LookAsync(page, page);

        await Page.GetByRole(AriaRole.Button, new() { Name = "Requests as curl" }).ClickAsync();
        await Page.IsFineAsync("requests");
        await GoToAsync("Check");
        await Field("URLs").FillAsync($"{url}\n{url}0\nhttp://plain.example/");
        await Button("Check").ClickAsync();
        await Expect(Page.GetByText("must be absolute")).ToBeVisibleAsync();
        await Page.IsFineAsync("check-results");
        await GoToAsync("Try");
        await Field("URL").FillAsync(url);
        await Button("Send").ClickAsync();
        await Expect(Page.GetByText("The server’s answer")).ToBeVisibleAsync();
        await Page.IsFineAsync("try-answer");
        await Field("URL").FillAsync(url + "0");
        await Button("Send").ClickAsync();
        await Expect(Page.GetByText("The gateway’s answer")).ToBeVisibleAsync();
        await Page.IsFineAsync("try-refused");
    }

    [Fact]
    public async Task Pages_of_an_account_that_has_nothing_yet_are_accessible_and_fit()
    {
        var account = Host.NewAccount();
        await SignInAsync(account.Account);
        foreach (var page in new[] { "Certificates", "Mappings", "Expiring", "App keys" })
            await LookAsync(page, $"{page} empty");
        await Host.UploadAsync(account, "Orders partner");
        await LookAsync("Certificates", "certificates-unused");
        await LookAsync("Mappings", "mappings-none");
    }

    /// <summary>Its pictures are the README's.</summary>
    [Fact]
    public async Task Certificates_of_every_urgency_are_accessible_and_fit()
    {
        var (account, pki) = (Host.As($"shop-{Guid.NewGuid():N}"[..9]), new TestPki());
        var days = new Dictionary<string, int> { ["Returns carrier"] = 6, ["Payments bank"] = 41, ["Stock supplier"] = 148, ["Orders partner"] = 327 };
        foreach (var (name, left) in days)
        {
            var client = pki.IssueClient($"{name.ToLowerInvariant().Replace(' ', '-')}.example.com", options => options.NotAfter = TimeProvider.System.GetUtcNow().AddDays(left + 0.5));
            await account.MapAsync($"https://{name.Split(' ')[0].ToLowerInvariant()}.example.com/hooks?customer=42", await account.UploadAsync(client, name));
        }

        await SignInAsync(account.Account);
        await LookAsync("Certificates", "fleet-certificates");
        await LookAsync("Expiring", "fleet-expiring");
        await GoToAsync("Check");
        await Field("URLs").FillAsync("https://orders.example.com/hooks?customer=42\nhttps://orders.example.com/hooks?customer=43");
        await Button("Check").ClickAsync();
        await Expect(Page.GetByText("its URL differs in the query")).ToBeVisibleAsync();
        await Page.IsFineAsync("fleet-check");
    }

    [Fact]
    public async Task Signing_in_is_accessible_and_fits_whatever_the_way()
    {
        await OpenAsync();
        await Page.IsFineAsync("sign-in");
        await Button("Single sign-on").ClickAsync();
        await Page.IsFineAsync("sign-in-issuer");
        await Button("Access token").ClickAsync();
        await Field("Account").FillAsync("demo");
        await Field("Access token").FillAsync("wrong");
        await Button("Use this token").ClickAsync();
        await Expect(Alert).ToBeVisibleAsync();
        await Page.IsFineAsync("sign-in-refused");
    }

    private async Task LookAsync(string page, string name)
    {
        await GoToAsync(page);
        await Expect(Page.Locator(".loading")).ToHaveCountAsync(0);
        await Page.IsFineAsync(name.ToLowerInvariant().Replace(' ', '-'));
    }
}
