using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>Requests through the gateway, and what is shown of whatever comes back.</summary>
public sealed partial class TryPageTests(ConsoleHost host) : ConsoleTest(host)
{
    private ILocator Answer => Page.GetByLabel("Answer");

    private ILocator Body => Answer.GetByLabel("Body");

    [Fact]
    public async Task Any_method_is_sent_with_headers_and_body_and_the_whole_answer_is_shown()
    {
        var account = Host.NewAccount();
        var url = $"{Host.Session.SandboxUrl}/orders?customer=42";
        await account.MapAsync(url, await Host.UploadAsync(account, "orders"));
        await SignInAsync(account.Account, "try");
        await Page.GetByText("Headers and authorization").ClickAsync();
        await Field("Headers").FillAsync("X-Request-Id: 42\nAuthorization: Basic abc");
        await SendAsync(url, "POST", "it's a body");
        await Expect(Answer).ToContainTextAsync("This header is the gateway’s own");
        await Field("Headers").FillAsync("X-Request-Id: 42");
        await Field("Authorization for the server").FillAsync("Basic for-the-server");
        await Button("Send").ClickAsync();

        await Expect(Answer).ToContainTextAsync("The server’s answer");
        await Expect(Answer).ToContainTextAsync("HTTP 200");
        await Expect(Answer.GetByRole(AriaRole.Status)).ToContainTextAsync(Timings);
        foreach (var seen in new[] { "CN=demo.sandbox", "\"method\": \"POST\"", "it's a body", "\"x-request-id\": \"42\"", "Basic for-the-server", "text/plain" })
            await Expect(Body).ToContainTextAsync(seen);
        await Answer.GetByText("Headers", new() { Exact = true }).ClickAsync();
        await Expect(Answer.GetByRole(AriaRole.Definition).Filter(new() { HasText = "upstream" })).ToBeVisibleAsync();
        await Expect(Page.Locator("form pre")).Not.ToContainTextAsync("for-the-server");

        await SendAsync(url, "DELETE");
        await Expect(Body).ToContainTextAsync("\"method\": \"DELETE\"");
        await SendAsync(url, "HEAD");
        await Expect(Answer).ToContainTextAsync("Without a body.");
        await SendAsync(url + "0", "GET");
        await Expect(Answer).ToContainTextAsync("The gateway’s answer");
        await Expect(Answer).ToContainTextAsync("HTTP 400");
        await Expect(Answer).ToContainTextAsync("No certificate is mapped for exactly this service and URL");
        await Expect(Answer).ToContainTextAsync("Trace id: 00-");
    }

    [Fact]
    public async Task What_is_odd_about_an_answer_is_said_in_words()
    {
        await SignInAsync(Host.NewAccount().Account, "try");
        await Page.GetByLabel("Refuse to send without a certificate").UncheckAsync();
        await SendAsync("https://127.0.0.1:1/", "GET");
        await Expect(Answer).ToContainTextAsync("The gateway’s answer");
        await Expect(Answer).ToContainTextAsync("HTTP 424");
        await Expect(Answer).ToContainTextAsync("Nothing listens at this address and port");
        await Expect(Answer).ToContainTextAsync("Code: connection-refused");
        await Expect(Answer).ToContainTextAsync("Trace id: 00-");

        await SendAsync($"{Host.Odd.Url}/big", "GET");
        await Expect(Answer).ToContainTextAsync("Only the first 256 KB are shown.");
        Assert.InRange((await Body.TextContentAsync())!.Length, 256 * 1024, 300 * 1024);
        await SendAsync($"{Host.Odd.Url}/picture", "GET");
        await Expect(Answer).ToContainTextAsync("image/png");
        await Expect(Answer).ToContainTextAsync("The body is not text (5 bytes)");
        await SendAsync($"{Host.Odd.Url}/elsewhere", "GET");
        await Expect(Answer).ToContainTextAsync("Redirect");
        await SendAsync($"{Host.Odd.Url}/unauthorized", "GET");
        await Expect(Answer).ToContainTextAsync("The server’s answer");
        await Expect(Answer).ToContainTextAsync("HTTP 401");
    }

    [Fact]
    public async Task What_a_browser_leaves_out_and_what_no_header_can_hold_is_said_before_it_is_sent()
    {
        await SignInAsync(Host.NewAccount().Account, "try");
        await Page.GetByLabel("Refuse to send without a certificate").UncheckAsync();
        await Page.GetByText("Headers and authorization").ClickAsync();
        await Field("URL").FillAsync($"{Host.Odd.Url}/");
        await Field("Headers").FillAsync("X-Request-Id: 42\nCookie: a=b\nhost: other\nSec-Purpose: x");
        await Expect(Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Browsers don’t send Cookie, host, Sec-Purpose" })).ToBeVisibleAsync();
        await Field("Headers").FillAsync("X-Request-Id: 42");
        await Expect(Page.GetByText("Browsers don’t send")).ToHaveCountAsync(0);

        await Field("Headers").FillAsync("X-Name: Zoë");
        await Button("Send").ClickAsync();
        await Expect(Answer).ToContainTextAsync("The header X-Name has the character “ë”. Headers hold ASCII alone. Nothing was sent.");
        await Field("Headers").FillAsync("");
        await Field("Authorization for the server").FillAsync("Basic ✓");
        await Button("Send").ClickAsync();
        await Expect(Answer).ToContainTextAsync("The authorization for the server has the character “✓”");
        await Field("Authorization for the server").FillAsync("");
        await SendAsync($"{Host.Odd.Url}/straße", "GET");
        await Expect(Answer).ToContainTextAsync("The URL has the character “ß”. Headers hold ASCII alone: write it percent-encoded");
    }

    private async Task SendAsync(string url, string method, string? body = null)
    {
        await Field("Method").SelectOptionAsync(method);
        await Field("URL").FillAsync(url);
        if (body is not null)
            await Field("Body").FillAsync(body);
        await Button("Send").ClickAsync();
    }

    [GeneratedRegex(@"first byte after \d+ ms, all of it after \d+ ms")]
    private static partial Regex Timings { get; }
}
