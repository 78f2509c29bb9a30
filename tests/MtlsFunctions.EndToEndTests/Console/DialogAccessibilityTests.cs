using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>Each dialog, in each of its states: accessible in both colour schemes, nothing wider than the window, and pictures of it.</summary>
public sealed class DialogAccessibilityTests(ConsoleHost host) : ConsoleTest(host)
{
    [Fact]
    public async Task Adding_a_certificate()
    {
        await SignInAsync(Host.NewAccount().Account);
        await Button("Add the first certificate").ClickAsync();
        await Page.IsFineAsync("dialog-add");
        await TestFileAsync(Host.Pkcs12 with { Password = "wrong" });
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Page.IsFineAsync("dialog-add-refused");
        await TestFileAsync(Host.Pkcs12);
        await Expect(InDialog("Store certificate")).ToBeVisibleAsync();
        await Page.IsFineAsync("dialog-add-report");
        await Dialog.GetByText("Call a server with it").ClickAsync();
        await Dialog.GetByText("As curl").Last.ClickAsync();
        await Page.IsFineAsync("dialog-add-open");
    }

    [Fact]
    public async Task One_certificate_and_what_can_be_done_with_it()
    {
        var account = Host.NewAccount();
        var id = await Host.UploadAsync(account, "Orders partner");
        await SignInAsync(account.Account);
        await OpenAsync("Orders partner", "Delete");
        await Page.IsFineAsync("dialog-delete");
        await InDialog("Cancel").ClickAsync();
        await account.MapAsync($"{Host.Session.SandboxUrl}/orders?customer=42", id);
        await GoToAsync("Mappings");
        await GoToAsync("Certificates");

        await OpenAsync("Orders partner", "Replace");
        await TestFileAsync(Host.OtherPkcs12);
        await Expect(Dialog.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await Page.IsFineAsync("dialog-replace");
        await InDialog("Promote to version 2").ClickAsync();
        await Expect(Dialog).ToBeHiddenAsync();

        await OpenAsync("Orders partner", "Delete");
        await Page.IsFineAsync("dialog-delete-used");
        await InDialog("Understood").ClickAsync();
        await OpenAsync("Orders partner", "Take out of use");
        await Page.IsFineAsync("dialog-take-out");
        await InDialog("Cancel").ClickAsync();
        await Button("Orders partner").ClickAsync();
        await Expect(InDialog("Roll back to version 1")).ToBeVisibleAsync();
        await Page.IsFineAsync("dialog-details");
        await InDialog("Roll back to version 1").ClickAsync();
        await Page.IsFineAsync("dialog-roll-back");
    }

    [Fact]
    public async Task A_mapping_with_its_trial()
    {
        var account = Host.NewAccount();
        await account.MapAsync($"{Host.Session.SandboxUrl}/orders", await Host.UploadAsync(account, "Orders partner"));
        await SignInAsync(account.Account);
        await GoToAsync("Mappings");
        await Button("Add mapping").ClickAsync();
        await Page.IsFineAsync("dialog-mapping");
        await Field("Name").FillAsync("Order hooks");
        await Field("Certificate").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Page.GetByText("The server has a private authority").ClickAsync();
        await Field("URL").FillAsync($"{Host.Session.SandboxUrl}/hooks?customer=42");
        await InDialog("Send a GET").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("HTTP 200");
        await Page.IsFineAsync("dialog-mapping-trial");
        await InDialog("Cancel").ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete mapping" }).ClickAsync();
        await Page.IsFineAsync("dialog-mapping-delete");
    }

    [Fact]
    public async Task An_app_key_and_its_secrets()
    {
        await SignInAsync(Host.NewAccount().Account);
        await GoToAsync("App keys");
        await Button("Create the first app key").ClickAsync();
        await Page.IsFineAsync("dialog-app-key");
        await Field("Name").FillAsync("Webhooks sender");
        await InDialog("Create app key").ClickAsync();
        await Expect(InDialog("I have copied them")).ToBeVisibleAsync();
        await InDialog("Copy consumer secret").ClickAsync();
        await Page.IsFineAsync("dialog-app-key-secrets");
        await InDialog("I have copied them").ClickAsync();
        await Button("Revoke Webhooks sender").ClickAsync();
        await Page.IsFineAsync("dialog-app-key-revoke");
    }

    private async Task OpenAsync(string certificate, string button)
    {
        await Button(certificate).ClickAsync();
        await InDialog(button).ClickAsync();
    }
}
