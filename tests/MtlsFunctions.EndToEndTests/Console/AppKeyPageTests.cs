using System.Net;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>Keys for programs.</summary>
public sealed class AppKeyPageTests(ConsoleHost host) : ConsoleTest(host)
{
    [Fact]
    public async Task An_app_key_works_shows_its_secrets_once_and_is_revoked()
    {
        var account = Host.NewAccount();
        await Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await SignInAsync(account.Account, "app-keys");
        await Button("Create the first app key").ClickAsync();
        await Field("Name").FillAsync("sender");
        await Dialog.GetByText("Read", new() { Exact = true }).ClickAsync();
        await InDialog("Create app key").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("shown this once");
        var key = new AppKey(0, await CopyAsync("consumer key"), await CopyAsync("consumer secret"), await CopyAsync("token"), await CopyAsync("token secret"));
        await InDialog("I have copied them").ClickAsync();

        await Expect(Row("sender")).ToContainTextAsync("Forward, Read");
        await Expect(Row("sender")).ToContainTextAsync(key.ConsumerKey);
        Assert.Equal(HttpStatusCode.OK, (await account.With(key).GetAsync(account.CertificatesPath)).Status);
        // Nowhere any more: not behind the dialog, not among the requests, not when the form opens again.
        await Page.GetByText("Requests as curl").ClickAsync();
        await Button("Create app key").ClickAsync();
        await Expect(InDialog("Create app key")).ToBeVisibleAsync();
        var page = await Page.ContentAsync();
        Assert.All([key.ConsumerSecret, key.TokenSecret], secret => Assert.DoesNotContain(secret, page, StringComparison.Ordinal));
        await InDialog("Cancel").ClickAsync();

        await Button("Revoke sender").ClickAsync();
        await InDialog("Revoke app key").ClickAsync();
        await Expect(Page.GetByText("No app key yet")).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await account.With(key).GetAsync(account.CertificatesPath)).Status);
    }

    /// <returns>What the button has put on the clipboard: exactly what stands beside it.</returns>
    private async Task<string> CopyAsync(string what)
    {
        await Page.EvaluateAsync("() => navigator.clipboard.writeText('')");
        await InDialog($"Copy {what}").ClickAsync();
        await Page.WaitForFunctionAsync("async () => await navigator.clipboard.readText() !== ''");
        var copied = await Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        await Expect(Dialog.Locator("dd").Filter(new() { Has = Button($"Copy {what}") }).Locator("code")).ToHaveTextAsync(copied);
        return copied;
    }
}
