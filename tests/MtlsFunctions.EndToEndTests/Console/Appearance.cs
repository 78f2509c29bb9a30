using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>How a page looks in both colour schemes and widths: axe has nothing to say, nothing is wider than its place, and there is a picture.</summary>
public static class Appearance
{
    /// <summary>Opened once and looked at four times, because opening is what takes long.</summary>
    private static readonly (int Width, ColorScheme Scheme)[] Windows =
        [(1280, ColorScheme.Light), (1280, ColorScheme.Dark), (390, ColorScheme.Dark), (390, ColorScheme.Light)];

    private const string TooWide =
        """
        () => [document.documentElement, ...document.querySelectorAll('dialog, .table, main, nav, header, .buttons')]
            .filter(element => element.scrollWidth > element.clientWidth && element.clientWidth > 0)
            .map(element => `${element.tagName}.${element.className}: ${element.scrollWidth} in ${element.clientWidth}`)
        """;

    private const string Findings =
        """
        async () => (await axe.run({ resultTypes: ['violations'], preload: false }))
            .violations.flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.html}`))
        """;

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private static readonly string Folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "console")).FullName;

    /// <summary>Whatever is found is told with the name of the window that it was found in.</summary>
    public static async Task IsFineAsync(this IPage page, string name)
    {
        var found = new List<string>();
        // Half a megabyte, which a page needs once.
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
            await page.EvaluateAsync(Axe);
        foreach (var (width, scheme) in Windows)
        {
            var window = $"{name}-{width}-{scheme}";
            await page.SetViewportSizeAsync(width, 900);
            // Without motion, so that no colour is looked at on its way to another.
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{window}.png") });
            found.AddRange((await page.EvaluateAsync<string[]>(TooWide)).Select(wide => $"{window} is too wide: {wide}"));
            found.AddRange((await page.EvaluateAsync<string[]>(Findings)).Select(finding => $"{window}: {finding}"));
        }

        Assert.Empty(found);
    }
}
