using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>Each page with something on it: accessible in both colour schemes, nothing wider than the window, and a picture of it.</summary>
public sealed class EveryPageTests(ConsoleHost host) : ConsoleTest(host)
{
    private static readonly string[] Pages = ["Certificates", "Mappings", "Check", "Try", "Expiring", "App keys"];
    private static readonly int[] Widths = [1280, 390];
    private static readonly ColorScheme[] Schemes = [ColorScheme.Light, ColorScheme.Dark];

    public static MatrixTheoryData<string, int, ColorScheme> All => new(Pages, Widths, Schemes);

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_page_is_accessible_and_fits(string page, int width, ColorScheme scheme)
    {
        await Page.SetViewportSizeAsync(width, 800);
        await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        var account = Host.NewAccount();
        var certificate = await Host.UploadAsync(account, "Orders partner");
        await account.MapAsync($"{Host.Session.SandboxUrl}/orders/{account.Account}?customer=42", certificate);
        await account.CreateAppKeyAsync("MTLS_FORWARD");
        await SignInAsync(account.Account);
        await GoToAsync(page);
        await Expect(Page.Locator(".loading")).ToHaveCountAsync(0);

        await IsFineAsync($"{page.ToLowerInvariant().Replace(' ', '-')}-{width}-{scheme}");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Signing_in_is_accessible_and_fits(ColorScheme scheme)
    {
        foreach (var width in Widths)
        {
            await Page.SetViewportSizeAsync(width, 800);
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await OpenAsync();
            await IsFineAsync($"sign-in-{width}-{scheme}");
        }
    }

    private async Task IsFineAsync(string name)
    {
        await Expect(Page.GetByText("Loading the console…")).ToHaveCountAsync(0);
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "console"));
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder.FullName, $"{name}.png"), FullPage = true });
        Assert.True(await Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{name} is wider than the window.");
        var found = await Page.RunAxe();
        Assert.Empty(found.Violations.Where(IsSerious).SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {node.Html}")));
    }

    private static bool IsSerious(AxeResultItem violation) => violation.Impact is "serious" or "critical";
}
