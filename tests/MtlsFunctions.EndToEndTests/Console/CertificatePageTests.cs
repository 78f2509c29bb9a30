using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>Everything that a person does with certificates.</summary>
public sealed class CertificatePageTests(ConsoleHost host) : ConsoleTest(host)
{
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
        await Expect(Row("orders")).ToContainTextAsync("In use");
        await Expect(Row("orders")).ToContainTextAsync("days left");
        await Expect(Row("orders")).ToContainTextAsync("ECDSA");
        await Expect(Row("orders")).ToContainTextAsync("no mapping");
        Assert.Equal("orders", (string?)(await account.GetAsync(account.CertificatesPath)).Json[0]!["name"]);
    }
}
