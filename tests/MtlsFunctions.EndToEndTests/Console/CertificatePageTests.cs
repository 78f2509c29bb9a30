using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>What a person sees of a stored certificate and does with it.</summary>
public sealed class CertificatePageTests(ConsoleHost host) : ConsoleTest(host)
{
    [Fact]
    public async Task A_certificate_is_replaced_side_by_side_rolled_back_and_not_deleted_while_it_is_used()
    {
        var account = Host.NewAccount();
        var certificate = await Host.UploadAsync(account, "orders");
        await account.MapAsync($"{Host.Session.SandboxUrl}/used", certificate);
        var created = DateTimeOffset.Parse((string)(await account.GetAsync($"{account.CertificatesPath}/{certificate}/versions")).Json[0]!["created"]!, CultureInfo.InvariantCulture);
        await SignInAsync(account.Account);
        await Expect(Row("orders")).ToContainTextAsync("1 mapping");
        await Button("orders").ClickAsync();
        await InDialog("Replace").ClickAsync();
        await TestFileAsync(Host.OtherPkcs12);
        await Expect(Dialog.GetByRole(AriaRole.Table)).ToContainTextAsync("CN=demo.sandbox");
        await Expect(Dialog.GetByRole(AriaRole.Table)).ToContainTextAsync("CN=other.sandbox");
        await InDialog("Promote to version 2").ClickAsync();
        await Expect(Dialog).ToBeHiddenAsync();

        await Button("orders").ClickAsync();
        await Expect(Version("Version 2")).ToContainTextAsync("current");
        await Expect(Version("Version 1")).Not.ToContainTextAsync("current");
        await Expect(Version("Version 1")).ToContainTextAsync($"stored {Day(created.ToUniversalTime())}, valid to {Day(EndOf(Host.Pkcs12))}");
        await InDialog("Roll back to version 1").ClickAsync();
        await InDialog("Roll back").ClickAsync();
        await Expect(Dialog).ToBeHiddenAsync();
        await Expect(Row("orders")).ToContainTextAsync("demo.sandbox");

        await Button("orders").ClickAsync();
        await InDialog("Delete").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("their requests would fail");
        await Expect(Dialog).ToContainTextAsync($"WEBHOOKS {Host.Session.SandboxUrl}/used");
        await Expect(InDialog("Delete certificate")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_public_part_is_downloaded_and_no_key_with_it()
    {
        var account = Host.NewAccount();
        await Host.UploadAsync(account, "orders / partner");
        await SignInAsync(account.Account);
        await Button("orders / partner").ClickAsync();

        var download = await Page.RunAndWaitForDownloadAsync(() => InDialog("Download public part").ClickAsync());
        Assert.Equal("orders-partner.pem", download.SuggestedFilename);
        var pem = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        using var certificate = X509Certificate2.CreateFromPem(pem);
        Assert.Equal("CN=demo.sandbox", certificate.Subject);
        Assert.DoesNotContain("PRIVATE", pem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_is_taken_out_of_use_put_back_and_deleted_once_nothing_uses_it()
    {
        var account = Host.NewAccount();
        var url = $"{Host.Session.SandboxUrl}/orders";
        await account.MapAsync(url, await Host.UploadAsync(account, "orders"));
        await Host.UploadAsync(account, "unused");
        await SignInAsync(account.Account);
        await Button("orders").ClickAsync();
        await Expect(Dialog).ToContainTextAsync($"WEBHOOKS {url}");
        await InDialog("Take out of use").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("Requests of 1 mapping are refused from now on");
        await InDialog("Take out of use").ClickAsync();
        await Expect(Row("orders")).ToContainTextAsync("Taken out");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await account.ForwardAsync(HttpMethod.Get, url)).Status);

        await Button("orders").ClickAsync();
        await InDialog("Put to use").ClickAsync();
        await InDialog("Put to use").ClickAsync();
        await Expect(Row("orders")).ToContainTextAsync("In use");
        Assert.Equal(HttpStatusCode.OK, (await account.ForwardAsync(HttpMethod.Get, url)).Status);

        await Button("unused").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("No mapping uses it");
        await InDialog("Delete").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("nothing breaks");
        await InDialog("Delete certificate").ClickAsync();
        await Expect(Row("unused")).ToHaveCountAsync(0);
        await Expect(Row("orders")).ToBeVisibleAsync();
        Assert.Equal("orders", (string?)Assert.Single((await account.GetAsync(account.CertificatesPath)).Json.AsArray())!["name"]);
    }

    [Fact]
    public async Task A_certificate_that_the_vault_has_lost_is_not_put_to_use_but_replaced()
    {
        var account = Host.NewAccount();
        var url = $"{Host.Session.SandboxUrl}/orders";
        await account.MapAsync(url, await Host.UploadAsync(account, "orders"));
        Directory.Delete(Host.VaultEntriesOf(account), recursive: true);
        (await account.ForwardAsync(HttpMethod.Get, url)).IsProblem(HttpStatusCode.ServiceUnavailable, "vault-entry-missing");

        await SignInAsync(account.Account);
        await Expect(Row("orders")).ToContainTextAsync("Key lost");
        await Button("orders").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("The vault has lost its key");
        await Expect(InDialog("Put to use")).ToHaveCountAsync(0);
        await Expect(InDialog("Take out of use")).ToHaveCountAsync(0);
        await InDialog("Close").ClickAsync();
        await GoToAsync("Mappings");
        await Expect(Page.GetByText("Certificate: key lost")).ToBeVisibleAsync();

        await GoToAsync("Certificates");
        await Button("orders").ClickAsync();
        await InDialog("Replace").ClickAsync();
        await TestFileAsync(Host.Pkcs12);
        await InDialog("Promote to version 2").ClickAsync();
        await Expect(Row("orders")).ToContainTextAsync("In use");
    }

    private ILocator Version(string name) => Dialog.Locator(".versions li").Filter(new() { HasText = name });

    private static DateTimeOffset EndOf((string Path, string Password) file)
    {
        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(file.Path, file.Password);
        return certificate.NotAfter.ToUniversalTime();
    }

    // As the browser writes it: September is "Sept" there.
    private static string Day(DateTimeOffset time) =>
        time.ToString("d MMM yyyy", CultureInfo.InvariantCulture).Replace("Sep ", "Sept ", StringComparison.Ordinal);
}
