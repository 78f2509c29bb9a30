using System.Collections.Concurrent;
using Microsoft.Playwright;
using MtlsFunctions.Shared;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>A fresh browser profile on the console. Whatever a test does, no violation of the policy and no script error may happen beside it.</summary>
[Collection(nameof(ConsoleHost))]
public abstract class ConsoleTest(ConsoleHost host) : IAsyncLifetime
{
    private const string ReportViolations =
        "addEventListener('securitypolicyviolation', event => console.error('VIOLATION ' + event.effectiveDirective + ' ' + event.blockedURI));";

    private readonly ConcurrentQueue<string> faults = new();

    protected ConsoleHost Host => host;

    /// <summary>The console's address.</summary>
    protected virtual string Url => host.Url;

    /// <summary>Whose tokens hold there.</summary>
    protected virtual TokenIssuer Tokens => host.Tokens;

    protected IBrowserContext Context { get; private set; } = null!;

    protected IPage Page { get; private set; } = null!;

    protected virtual BrowserNewContextOptions Options => new() { ViewportSize = new() { Width = 1280, Height = 800 } };

    public virtual async ValueTask InitializeAsync()
    {
        Context = await host.Chromium.Browser.NewContextAsync(Options);
        await Context.AddInitScriptAsync(ReportViolations);
        Page = await Context.NewPageAsync();
        Page.SetDefaultTimeout(20_000);
        SetDefaultExpectTimeout(20_000);
        Page.PageError += (_, error) => faults.Enqueue(error);
        // Chromium reports every answer of 400 and above so, and a style sheet's twice; those are what some tests are about.
        Page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
                && !message.Text.StartsWith("Refused to apply style from", StringComparison.Ordinal))
                faults.Enqueue(message.Text);
        };
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        GC.SuppressFinalize(this);
        Assert.Empty(faults);
    }

    protected async Task OpenAsync(string fragment = "")
    {
        await Page.GotoAsync(Url + fragment);
        await Expect(Heading("Sign in")).ToBeVisibleAsync();
    }

    /// <summary>With a token of that account.</summary>
    protected async Task SignInAsync(string account, string page = "certificates", params string[] permissions)
    {
        await OpenAsync("#" + page);
        await Button("Access token").ClickAsync();
        await UseTokenAsync(account, Tokens.Token(account, permissions is [] ? ["MTLS_WRITE_INTERNAL"] : permissions));
    }

    /// <summary>On a sign-in page that asks for a token.</summary>
    protected async Task UseTokenAsync(string account, string token)
    {
        await Field("Account").FillAsync(account);
        await Field("Access token").FillAsync(token);
        await Button("Use this token").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Banner).GetByText(account, new() { Exact = true })).ToBeVisibleAsync();
    }

    /// <summary>Time, with somebody at the keyboard, so that nobody is signed out for being away. The clock must be installed.</summary>
    protected async Task PassAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromMinutes(3))
        {
            await Page.Keyboard.PressAsync("Shift");
            await Page.Clock.RunForAsync((long)TimeSpan.FromMinutes(3).TotalMilliseconds);
        }
    }

    protected async Task GoToAsync(string page)
    {
        await Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = page }).ClickAsync();
        await Expect(Heading(page)).ToBeVisibleAsync();
    }

    protected ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true, Level = 1 });

    protected ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    protected ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    protected ILocator InDialog(string button) => Dialog.GetByRole(AriaRole.Button, new() { Name = button, Exact = true });

    protected ILocator Field(string label) => Page.GetByLabel(label, new() { Exact = true }).And(Page.Locator("input, select, textarea"));

    protected ILocator Alert => Page.GetByRole(AriaRole.Alert);

    protected ILocator Row(string name) => Page.GetByRole(AriaRole.Row).Filter(new() { Has = Page.GetByRole(AriaRole.Rowheader, new() { Name = name }) });

    /// <summary>Chooses the file and its password, and has it tested.</summary>
    protected async Task TestFileAsync((string Path, string Password) file)
    {
        await Page.GetByLabel("p12 file").SetInputFilesAsync(file.Path);
        await Field("Password of the file").FillAsync(file.Password);
        await InDialog("Test the file").ClickAsync();
    }
}
