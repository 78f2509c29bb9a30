using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>Without a mouse: where the focus goes, that it is seen, and what is said to those who hear the page.</summary>
public sealed class KeyboardTests(ConsoleHost host) : ConsoleTest(host)
{
    private const int MostSteps = 40;

    /// <summary>The focused element that shows nothing of it; nothing where all is well.</summary>
    private const string Unseen =
        """
        () => {
            const focused = document.activeElement;
            if (focused === document.body) return '';
            const style = getComputedStyle(focused.matches('.drop input') ? focused.parentElement : focused);
            const box = focused.getBoundingClientRect();
            const isSeen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.bottom > 0 && box.right > 0;
            return isSeen ? '' : focused.outerHTML;
        }
        """;

    private const string IsOutside = "() => document.activeElement !== document.body && !document.activeElement.closest('dialog')";

    [Fact]
    public async Task Signing_in_moving_about_and_leaving()
    {
        var account = Host.NewAccount().Account;
        await OpenAsync();
        await PressOnAsync(Button("Access token"), "Enter");
        await TabToAsync(Field("Account"));
        await Page.Keyboard.TypeAsync(account);
        await TabToAsync(Field("Access token"));
        await Page.Keyboard.InsertTextAsync(Host.Tokens.Token(account, "MTLS_WRITE_INTERNAL"));
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Heading("Certificates")).ToBeFocusedAsync();

        await PressOnAsync(Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" }), "Enter", back: true);
        await Expect(Page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();
        await PressOnAsync(Page.GetByRole(AriaRole.Link, new() { Name = "App keys" }), "Enter", back: true);
        await Expect(Heading("App keys")).ToBeFocusedAsync();
        await PressOnAsync(Button("Sign out"), "Space", back: true);
        await Expect(Heading("Sign in")).ToBeFocusedAsync();
        await Expect(Heading("Sign in")).ToHaveAccessibleDescriptionAsync("You are signed out.");
    }

    [Fact]
    public async Task A_dialog_takes_the_focus_keeps_it_and_gives_it_back()
    {
        await SignInAsync(Host.NewAccount().Account);
        await PressOnAsync(Button("Add the first certificate"), "Enter");
        await Expect(Page.GetByLabel("p12 file")).ToBeFocusedAsync();
        for (var step = 0; step < 12; step++)
        {
            await StepAsync(back: step % 2 == 1 && step > 8);
            Assert.False(await Page.EvaluateAsync<bool>(IsOutside));
        }

        await Page.Keyboard.PressAsync("Escape");
        await Expect(Dialog).ToBeHiddenAsync();
        await Expect(Button("Add the first certificate")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_certificate_is_tested_and_stored()
    {
        await SignInAsync(Host.NewAccount().Account);
        await PressOnAsync(Button("Add the first certificate"), "Enter");
        var chooser = await Page.RunAndWaitForFileChooserAsync(() => Page.Keyboard.PressAsync("Space"));
        await chooser.SetFilesAsync(Host.Pkcs12.Path);
        await TabToAsync(Field("Password of the file"));
        await Page.Keyboard.TypeAsync("wrong");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Expect(Field("Password of the file")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Control+A");
        await Page.Keyboard.TypeAsync(Host.Pkcs12.Password);
        await PressOnAsync(InDialog("Test the file"), "Space");
        await Expect(Dialog).ToContainTextAsync("Nothing is stored yet");
        await Expect(Dialog.GetByRole(AriaRole.Heading, new() { Name = "Add a certificate" })).ToBeFocusedAsync();

        await TabToAsync(Field("Name"));
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Row("demo.sandbox")).ToBeVisibleAsync();
        await Expect(Heading("Certificates")).ToBeFocusedAsync();
        await SaidAsync("Stored.");
        await PressOnAsync(Button("demo.sandbox"), "Enter");
        await Expect(Dialog.GetByRole(AriaRole.Heading, new() { Name = "demo.sandbox" })).ToBeFocusedAsync();
        await PressOnAsync(InDialog("Close"), "Enter");
        await Expect(Button("demo.sandbox")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_mapping_is_tried_saved_and_deleted()
    {
        var account = Host.NewAccount();
        await Host.UploadAsync(account, "orders");
        await SignInAsync(account.Account, "mappings");
        await PressOnAsync(Button("Add the first mapping"), "Enter");
        await Expect(Field("Name")).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync("hooks");
        await TabToAsync(Field("Certificate"));
        await Page.Keyboard.TypeAsync("orders");
        await TabToAsync(Field("URL"));
        await Page.Keyboard.TypeAsync($"{Host.Session.SandboxUrl}/hooks");
        await PressOnAsync(InDialog("Send a GET"), "Space");
        await Expect(Dialog).ToContainTextAsync("HTTP 200");
        await Expect(InDialog("Send a GET")).ToBeFocusedAsync();
        await PressOnAsync(InDialog("Save mapping"), "Enter");
        await Expect(Dialog).ToBeHiddenAsync();
        await Expect(Heading("Mappings")).ToBeFocusedAsync();
        await SaidAsync("The mapping is saved.");

        await PressOnAsync(Button("Delete hooks"), "Enter");
        await Expect(Dialog.GetByRole(AriaRole.Heading, new() { Name = "Delete hooks?" })).ToBeFocusedAsync();
        await PressOnAsync(InDialog("Cancel"), "Space");
        await Expect(Button("Delete hooks")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Enter");
        await PressOnAsync(InDialog("Delete mapping"), "Enter");
        await Expect(Page.GetByText("No mapping yet")).ToBeVisibleAsync();
        await Expect(Heading("Mappings")).ToBeFocusedAsync();
        await SaidAsync("Deleted.");
    }

    [Fact]
    public async Task What_happens_in_a_dialog_is_said_inside_it_where_it_is_heard()
    {
        await Context.GrantPermissionsAsync(["clipboard-write"]);
        await SignInAsync(Host.NewAccount().Account, "app-keys");
        await PressOnAsync(Button("Create the first app key"), "Enter");
        await Page.Keyboard.TypeAsync("sender");
        await Page.Keyboard.PressAsync("Enter");
        await PressOnAsync(InDialog("Copy consumer secret"), "Enter");

        await Expect(Dialog.GetByRole(AriaRole.Status).Filter(new() { HasText = "Copied." })).ToBeVisibleAsync();
        await PressOnAsync(InDialog("I have copied them"), "Enter");
        await Expect(Heading("App keys")).ToBeFocusedAsync();
    }

    /// <summary>In the region that screen readers watch, which was there before.</summary>
    private Task SaidAsync(string text) => Expect(Page.Locator("body > [role=status]")).ToHaveTextAsync(text);

    private async Task PressOnAsync(ILocator target, string key, bool back = false)
    {
        await TabToAsync(target, back);
        await Page.Keyboard.PressAsync(key);
    }

    /// <summary>As far as it takes; every stop on the way must be seen.</summary>
    private async Task TabToAsync(ILocator target, bool back = false)
    {
        await Expect(target).ToBeVisibleAsync();
        for (var step = 0; step < MostSteps; step++)
        {
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement"))
                return;
            await StepAsync(back);
        }

        Assert.Fail($"{target} isn't reached with the Tab key.");
    }

    private async Task StepAsync(bool back)
    {
        await Page.Keyboard.PressAsync(back ? "Shift+Tab" : "Tab");
        Assert.Equal("", await Page.EvaluateAsync<string>(Unseen));
    }
}
