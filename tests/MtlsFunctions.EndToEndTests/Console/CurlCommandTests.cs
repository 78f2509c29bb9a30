using System.Security.Cryptography.X509Certificates;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>The commands that the console shows, run as they stand there, with the secrets in the variables that they name.</summary>
public sealed class CurlCommandTests(ConsoleHost host) : ConsoleTest(host), IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-curl-");
    private GatewayClient account = null!;
    private Shell shell = null!;
    private string token = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        account = Host.NewAccount();
        token = Tokens.Token(account.Account, "MTLS_WRITE_INTERNAL");
        shell = new Shell(folder.FullName, new Dictionary<string, string>
        {
            ["TOKEN"] = token,
            ["P12_PASSWORD"] = Host.Pkcs12.Password,
            ["REMOTE_AUTHORIZATION"] = "Basic for-the-server",
        });
        await OpenAsync();
        await Button("Access token").ClickAsync();
        await UseTokenAsync(account.Account, token);
    }

    [Fact]
    public async Task A_certificate_is_tested_and_stored_by_the_commands_and_a_mapping_made_checked_and_used()
    {
        // Names that curl and the shell would take apart.
        var file = Path.Combine(folder.FullName, "client; of, \"o'hara\".p12");
        File.Copy(Host.Pkcs12.Path, file);
        await Button("Add the first certificate").ClickAsync();
        await Page.GetByLabel("p12 file").SetInputFilesAsync(file);
        Assert.Equal("CN=demo.sandbox", (string?)(await shell.RunAsync(await CommandAsync(Dialog)))["subject"]);
        await Field("Password of the file").FillAsync(Host.Pkcs12.Password);
        await InDialog("Test the file").ClickAsync();
        await Field("Name").FillAsync("o'hara; <orders>");
        var stored = await shell.RunAsync(await CommandAsync(Dialog.Locator("form").Filter(new() { Has = Button("Store certificate") })));
        Assert.Equal("o'hara; <orders>", (string?)stored["successfulySavedCertificates"]![0]!["name"]);
        await InDialog("Close").ClickAsync();

        await GoToAsync("Mappings");
        await Button("Add the first mapping").ClickAsync();
        var url = $"{Host.Session.SandboxUrl}/hooks?a='b'&c=$HOME";
        await Field("Name").FillAsync("hooks");
        await Field("Certificate").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Field("URL").FillAsync(url);
        Assert.Equal(url, (string?)(await shell.RunAsync(await CommandAsync(Dialog)))[0]!["url"]);
        await InDialog("Close").ClickAsync();

        await GoToAsync("Check");
        await Field("URLs").FillAsync(url);
        await Button("Check").ClickAsync();
        Assert.True((bool?)(await shell.RunAsync(await CommandAsync(Page.GetByLabel("Results"))))["match"]);

        await GoToAsync("Try");
        await Field("Method").SelectOptionAsync("POST");
        await Field("URL").FillAsync(url);
        await Page.GetByText("Headers and authorization").ClickAsync();
        await Field("Authorization for the server").FillAsync("Basic for-the-server");
        await Field("Body").FillAsync("@it's \"$HOME\"\n%41");
        await Button("Send").ClickAsync();
        var (byConsole, byCurl) = (await Page.GetByLabel("Body").And(Page.Locator("pre")).TextContentAsync(), await shell.RunAsync(await CommandAsync(Page.Locator("form"))));
        Assert.Equal("@it's \"$HOME\"\n%41", (string?)byCurl["body"]);
        Assert.Equal("Basic for-the-server", (string?)byCurl["headers"]!["Authorization"]);
        foreach (var same in new[] { "subject", "method", "path", "body" })
            Assert.Contains($"\"{same}\": {byCurl[same]!.ToJsonString(Relaxed)}", byConsole, StringComparison.Ordinal);
        Assert.Contains($"\"Content-Type\": \"{byCurl["headers"]!["Content-Type"]}\"", byConsole, StringComparison.Ordinal);
        await NothingSecretIsShownAsync("for-the-server");
    }

    [Fact]
    public async Task A_password_of_quotes_backslashes_and_semicolons_goes_through_the_commands_unharmed()
    {
        const string Password = "it's \"a\\b\\\"; $c`d` &;type=x";
        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(Host.Pkcs12.Path, Host.Pkcs12.Password, X509KeyStorageFlags.Exportable);
        var file = Path.Combine(folder.FullName, "odd.p12");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pfx, Password), TestContext.Current.CancellationToken);
        shell = new Shell(folder.FullName, new Dictionary<string, string> { ["TOKEN"] = token, ["P12_PASSWORD"] = Password });
        await Button("Add the first certificate").ClickAsync();
        await Page.GetByLabel("p12 file").SetInputFilesAsync(file);
        Assert.Equal("CN=demo.sandbox", (string?)(await shell.RunAsync(await CommandAsync(Dialog)))["subject"]);
        await Field("Password of the file").FillAsync(Password);
        await InDialog("Test the file").ClickAsync();
        await Field("Name").FillAsync("odd");
        var stored = await shell.RunAsync(await CommandAsync(Dialog.Locator("form").Filter(new() { Has = Button("Store certificate") })));
        Assert.Equal("odd", (string?)stored["successfulySavedCertificates"]![0]!["name"]);
    }

    [Fact]
    public async Task An_app_key_is_made_and_revoked_by_the_commands()
    {
        await GoToAsync("App keys");
        await Button("Create the first app key").ClickAsync();
        await Field("Name").FillAsync("sender");
        await Field("Ends on").FillAsync("2100-01-31");
        var made = await shell.RunAsync(await CommandAsync(Dialog));
        Assert.Equal(("sender", "MTLS_FORWARD"), ((string?)made["name"], (string?)made["permissions"]![0]));
        await InDialog("Close").ClickAsync();
        await GoToAsync("Check");
        await GoToAsync("App keys");
        await Expect(Row("sender")).ToContainTextAsync("31 Jan 2100");
        await Button("Revoke sender").ClickAsync();
        await shell.RunAsync(await CommandAsync(Dialog));
        Assert.Empty((await account.GetAsync($"/mtls/account/{account.Account}/app-keys")).Json.AsArray());
        await NothingSecretIsShownAsync();
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The one that is shown there; it needn't be folded out.</summary>
    private static async Task<string> CommandAsync(ILocator place) => (await place.Locator("details.curl pre").Last.TextContentAsync())!;

    /// <summary>In no command on the page, and in none of those that were sent.</summary>
    private async Task NothingSecretIsShownAsync(params string[] secrets)
    {
        var shown = string.Join('\n', await Page.Locator("pre").And(Page.Locator(":not([aria-label])")).AllTextContentsAsync());
        Assert.Contains("$TOKEN", shown, StringComparison.Ordinal);
        Assert.All([token, Host.Pkcs12.Password, .. secrets], secret => Assert.DoesNotContain(secret, shown, StringComparison.Ordinal));
    }
}
