using Microsoft.Playwright;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>What a browser still has of a session, besides the page's own memory.</summary>
public static class Kept
{
    /// <summary>No storage, no cookie, and nothing in the address or in any that the back button leads to, but the names of pages.</summary>
    public static async Task KeepsNothingAsync(this IPage page)
    {
        Assert.Equal("0 0 0", await page.EvaluateAsync<string>("() => `${localStorage.length} ${sessionStorage.length} ${document.cookie.length}`"));
        Assert.Empty(await page.Context.CookiesAsync());
        Assert.DoesNotContain('?', page.Url);
        var devTools = await page.Context.NewCDPSessionAsync(page);
        var history = (await devTools.SendAsync("Page.getNavigationHistory"))!.Value.GetProperty("entries");
        var addresses = history.EnumerateArray().Select(entry => entry.GetProperty("url").GetString()!).Where(url => url != "about:blank");
        Assert.All(addresses, url => Assert.Matches("^http://127\\.0\\.0\\.1:[0-9]+/console(#[a-z-]*)?$", url));
    }
}
