using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>Mappings, checks, trials and app keys, against the sandbox.</summary>
public sealed class OtherPagesTests(ConsoleHost host) : ConsoleTest(host)
{
    [Fact]
    public async Task A_mapping_is_tried_for_real_before_it_is_saved_and_the_trial_leaves_nothing()
    {
        var account = Host.NewAccount();
        await Host.UploadAsync(account, "orders");
        await SignInAsync(account.Account);
        await GoToAsync("Mappings");
        await Button("Add the first mapping").ClickAsync();
        await Field("Name").FillAsync("hooks");
        await Field("URL").FillAsync($"{Host.Session.SandboxUrl}/hooks?x=1");
        await InDialog("Send a GET").ClickAsync();

        await Expect(Dialog).ToContainTextAsync("HTTP 200");
        await Expect(Dialog).ToContainTextAsync("CN=demo.sandbox");
        Assert.Empty((await account.GetAsync(account.MappingsPath)).Json.AsArray());
        await InDialog("Save mapping").ClickAsync();
        await Expect(Row("hooks")).ToContainTextAsync("Enabled");

        await Button("Disable hooks").ClickAsync();
        await Expect(Row("hooks")).ToContainTextAsync("Disabled");
        await Button("Enable hooks").ClickAsync();
        await Expect(Row("hooks")).ToContainTextAsync("Enabled");
        await Button("Delete hooks").ClickAsync();
        await InDialog("Delete mapping").ClickAsync();
        await Expect(Page.GetByText("No mapping yet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Check_says_which_certificate_and_why_none_and_try_shows_the_answer()
    {
        var account = Host.NewAccount();
        var url = $"{Host.Session.SandboxUrl}/orders?customer=42";
        await account.MapAsync(url, await Host.UploadAsync(account, "orders"));
        await SignInAsync(account.Account);
        await GoToAsync("Check");
        await Field("URLs").FillAsync($"{url}\n{url}0\nhttp://plain.example/");
        await Button("Check").ClickAsync();
        var results = Page.GetByRole(AriaRole.List, new() { Name = "Results" });
        await Expect(results).ToContainTextAsync("orders, version 1, would be presented");
        await Expect(results).ToContainTextAsync("its URL differs in the query");
        await Expect(results).ToContainTextAsync("The URL must be absolute and start with https://");

        await GoToAsync("Try");
        await Field("URL").FillAsync(url);
        await Button("Send").ClickAsync();
        await Expect(Page.GetByLabel("Answer")).ToContainTextAsync("The server’s answer");
        await Expect(Page.GetByLabel("Answer")).ToContainTextAsync("CN=demo.sandbox");
        await Field("URL").FillAsync(url + "0");
        await Button("Send").ClickAsync();
        await Expect(Page.GetByLabel("Answer")).ToContainTextAsync("The gateway’s answer");
        await Expect(Page.GetByLabel("Answer")).ToContainTextAsync("Trace id");
    }

    [Fact]
    public async Task An_app_key_shows_its_secrets_once_and_is_revoked()
    {
        await SignInAsync(Host.NewAccount().Account);
        await GoToAsync("App keys");
        await Button("Create the first app key").ClickAsync();
        await Field("Name").FillAsync("sender");
        await InDialog("Create app key").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("shown this once");
        await Expect(InDialog("Copy consumer secret")).ToBeVisibleAsync();
        await InDialog("I have copied them").ClickAsync();

        await Button("Revoke sender").ClickAsync();
        await InDialog("Revoke app key").ClickAsync();
        await Expect(Page.GetByText("No app key yet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_certificate_is_replaced_side_by_side_rolled_back_and_not_deleted_while_it_is_used()
    {
        var account = Host.NewAccount();
        await account.MapAsync($"{Host.Session.SandboxUrl}/used", await Host.UploadAsync(account, "orders"));
        await SignInAsync(account.Account);
        await Button("orders").ClickAsync();
        await InDialog("Replace").ClickAsync();
        await TestFileAsync(Host.OtherPkcs12);
        await Expect(Dialog.GetByRole(AriaRole.Table)).ToContainTextAsync("CN=demo.sandbox");
        await Expect(Dialog.GetByRole(AriaRole.Table)).ToContainTextAsync("CN=other.sandbox");
        await InDialog("Promote to version 2").ClickAsync();
        await Expect(Dialog).ToBeHiddenAsync();

        await Button("orders").ClickAsync();
        await InDialog("Roll back to version 1").ClickAsync();
        await InDialog("Roll back").ClickAsync();
        await Expect(Dialog).ToBeHiddenAsync();
        await Expect(Row("orders")).ToContainTextAsync("demo.sandbox");

        await Button("orders").ClickAsync();
        await InDialog("Delete").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("their requests would fail");
        await Expect(InDialog("Delete certificate")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_wrong_file_password_is_explained_and_a_slow_upload_shows_that_it_goes_on()
    {
        await SignInAsync(Host.NewAccount().Account);
        await Button("Add the first certificate").ClickAsync();
        await TestFileAsync(Host.Pkcs12 with { Password = "wrong" });
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("This password doesn’t open the file.");
        await Field("Password of the file").FillAsync(Host.Pkcs12.Password);
        await InDialog("Test the file").ClickAsync();
        await Field("Name").FillAsync("slow");

        var released = new TaskCompletionSource();
        await Page.RouteAsync("**/by-file", async call =>
        {
            await released.Task;
            await call.AbortAsync();
        });
        await InDialog("Store certificate").ClickAsync();
        await Expect(InDialog("Uploading…")).ToBeDisabledAsync();
        await Expect(Dialog.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        released.SetResult();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("can’t be reached");

        await Page.UnrouteAllAsync();
        await InDialog("Store certificate").ClickAsync();
        await Expect(Row("slow")).ToBeVisibleAsync();
    }
}
