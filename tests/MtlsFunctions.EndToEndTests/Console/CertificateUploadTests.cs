using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>From a p12 file to a stored certificate.</summary>
public sealed class CertificateUploadTests(ConsoleHost host) : ConsoleTest(host)
{
    // What a browser makes of a file from outside of it. Returns whether the page let the browser open the file in its own place.
    private const string DropScript = """
        (place, [name, base64]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([Uint8Array.from(atob(base64), one => one.charCodeAt(0))], name));
          return ['dragover', 'drop'].map(kind => place.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }))).includes(true);
        }
        """;

    [Fact]
    public async Task The_first_certificate_is_tested_shown_in_plain_words_and_stored()
    {
        var account = Host.NewAccount();
        await SignInAsync(account.Account);
        await Expect(Page.GetByText("No certificate yet")).ToBeVisibleAsync();
        await Button("Add the first certificate").ClickAsync();
        await TestFileAsync(Host.Pkcs12);

        await Expect(Dialog).ToContainTextAsync("Nothing is stored yet");
        await Expect(Dialog).ToContainTextAsync("The file opens with this password");
        await Expect(Dialog).ToContainTextAsync("The chain is not complete");
        Assert.Empty((await account.GetAsync(account.CertificatesPath)).Json.AsArray());
        await Field("Name").FillAsync("orders");
        await InDialog("Store certificate").ClickAsync();

        await Expect(Dialog).ToBeHiddenAsync();
        await Expect(Row("orders")).ToContainTextAsync("Ready");
        await Expect(Row("orders")).ToContainTextAsync("days left");
        await Expect(Row("orders")).ToContainTextAsync("ECDSA");
        await Expect(Row("orders")).ToContainTextAsync("no mapping");
        Assert.Equal("orders", (string?)(await account.GetAsync(account.CertificatesPath)).Json[0]!["name"]);
    }

    [Fact]
    public async Task A_dropped_file_is_taken_and_servers_are_called_with_it_before_anything_is_stored()
    {
        var account = Host.NewAccount();
        await SignInAsync(account.Account);
        await Button("Add the first certificate").ClickAsync();
        Assert.False(await DropAsync(Page.Locator("body")));
        await Expect(Dialog).ToContainTextAsync("Drop the p12 file here");
        Assert.False(await DropAsync(Dialog.GetByText("Drop the p12 file here")));
        await Expect(Dialog).ToContainTextAsync(Path.GetFileName(Host.Pkcs12.Path));
        await Field("Password of the file").FillAsync(Host.Pkcs12.Password);
        await InDialog("Test the file").ClickAsync();

        await Dialog.GetByText("Call a server with it before it is stored").ClickAsync();
        await CallAsync($"{Host.Session.SandboxUrl}/ping?x=1");
        await Expect(Dialog).ToContainTextAsync("HTTP 200");
        await Expect(Dialog.GetByLabel("Body")).ToContainTextAsync("CN=demo.sandbox");
        await Expect(Dialog.GetByLabel("Body")).ToContainTextAsync("/ping?x=1");
        await CallAsync("https://127.0.0.1:1/");
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing listens at this address");
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Trace id: 00-");
        // Whatever a server says, it doesn't end the session.
        await CallAsync($"{Host.Odd.Url}/unauthorized");
        await Expect(Dialog).ToContainTextAsync("HTTP 401");
        await Expect(Dialog.GetByLabel("Body")).ToContainTextAsync("Not with me");
        Assert.Empty((await account.GetAsync(account.CertificatesPath)).Json.AsArray());
        Assert.Empty((await account.GetAsync(account.MappingsPath)).Json.AsArray());
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

    private async Task<bool> DropAsync(ILocator place)
    {
        var file = await File.ReadAllBytesAsync(Host.Pkcs12.Path, TestContext.Current.CancellationToken);
        return await place.EvaluateAsync<bool>(DropScript, new[] { Path.GetFileName(Host.Pkcs12.Path), Convert.ToBase64String(file) });
    }

    private async Task CallAsync(string url)
    {
        await Field("URL to call").FillAsync(url);
        await InDialog("Call it").ClickAsync();
    }
}
