using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>The three ways in, and the ways out.</summary>
public sealed class SignInTests(ConsoleHost host) : ConsoleTest(host)
{
    [Fact]
    public async Task With_name_and_password()
    {
        var demo = Host.Session.Accounts["demo"];
        await OpenAsync();
        await Field("Account").FillAsync("demo");
        await Field("Name").FillAsync(demo.Username);
        await Field("Password").FillAsync(demo.Password);
        await Page.Keyboard.PressAsync("Enter");

        await Expect(Heading("Certificates")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Banner)).ToContainTextAsync(demo.Username);
    }

    [Fact]
    public async Task A_wrong_password_says_so_with_the_trace_id_and_lets_nobody_in()
    {
        await OpenAsync();
        await Field("Account").FillAsync("demo");
        await Field("Name").FillAsync(Host.Session.Accounts["demo"].Username);
        await Field("Password").FillAsync("wrong");
        await Button("Sign in").ClickAsync();

        await Expect(Alert).ToContainTextAsync("Account, name or password is wrong.");
        await Expect(Alert).ToContainTextAsync("Trace id: 00-");
        await Expect(Page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task With_a_token_that_does_not_hold_nobody_is_let_in()
    {
        await OpenAsync();
        await Button("Access token").ClickAsync();
        await Field("Account").FillAsync("demo");
        await Field("Access token").FillAsync(Host.Tokens.Token("another", "MTLS_WRITE_INTERNAL"));
        await Button("Use this token").ClickAsync();

        await Expect(Alert).ToContainTextAsync("These credentials belong to another account.");
    }

    [Fact]
    public async Task Signing_out_clears_the_page_and_the_browser_keeps_nothing()
    {
        var account = Host.NewAccount();
        await Host.UploadAsync(account, "secret-name");
        await SignInAsync(account.Account);
        await Expect(Row("secret-name")).ToBeVisibleAsync();
        await Button("Sign out").ClickAsync();

        await Expect(Page.GetByText("You are signed out.")).ToBeVisibleAsync();
        await Expect(Page.Locator("body")).Not.ToContainTextAsync("secret-name");
        await KeepsNothingAsync();
    }

    [Fact]
    public async Task A_session_that_has_expired_asks_to_sign_in_again_and_comes_back_to_the_same_page()
    {
        var account = Host.NewAccount();
        await SignInAsync(account.Account);
        var route = new System.Text.RegularExpressions.Regex("/mtls/account/.*/app-keys");
        await Page.RouteAsync(route, call => call.ContinueAsync(new() { Headers = call.Request.Headers.Where(header => header.Key != "authorization") }));
        await Page.GetByRole(AriaRole.Navigation).GetByText("App keys").ClickAsync();

        await Expect(Page.GetByText("Your session has ended. Sign in again.")).ToBeVisibleAsync();
        await Page.UnrouteAsync(route);
        await Field("Account").FillAsync(account.Account);
        await Field("Access token").FillAsync(Host.Tokens.Token(account.Account, "MTLS_WRITE_INTERNAL"));
        await Button("Use this token").ClickAsync();
        await Expect(Heading("App keys")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Nobody_at_the_keyboard_is_warned_then_signed_out()
    {
        await Page.Clock.InstallAsync();
        await SignInAsync(Host.NewAccount().Account);
        await Page.Clock.FastForwardAsync("14:10");
        await Expect(Alert).ToContainTextAsync("you are signed out in");
        await Page.Keyboard.PressAsync("Shift");
        await Expect(Alert).ToHaveCountAsync(0);

        await Page.Clock.FastForwardAsync("15:10");
        await Expect(Page.GetByText("because nobody used the console")).ToBeVisibleAsync();
        await Expect(Heading("Sign in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task With_the_issuer_and_PKCE()
    {
        Host.Issuer.Account = Host.NewAccount().Account;
        await ThroughTheIssuerAsync(Host.Issuer.Account);

        await Expect(Heading("Certificates")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Banner)).ToContainTextAsync("ann@example.com");
        Assert.Equal(Host.Url, Page.Url.Split('#')[0]);
        Assert.Equal(43, $"{Host.Issuer.Redeemed!["code_verifier"]}".Length);
        Assert.False(Host.Issuer.Redeemed.ContainsKey("client_secret"));
        await KeepsNothingAsync();
    }

    [Theory]
    [InlineData("state", "The answer belongs to another sign-in.")]
    [InlineData("nonce", "The identity token belongs to another sign-in.")]
    public async Task What_the_issuer_brings_back_must_belong_to_this_sign_in(string forged, string said)
    {
        Host.Issuer.Account = Host.NewAccount().Account;
        Host.Issuer.Forge = (forged, "another");
        try
        {
            await ThroughTheIssuerAsync(Host.Issuer.Account);
            await Expect(Alert).ToContainTextAsync(said);
            await KeepsNothingAsync();
        }
        finally
        {
            Host.Issuer.Forge = null;
        }
    }

    [Fact]
    public async Task A_code_that_nobody_asked_for_is_not_redeemed()
    {
        await Page.GotoAsync($"{Host.Url}#code=stolen&state=anything");

        await Expect(Alert).ToContainTextAsync("This sign-in was not begun here");
        Assert.DoesNotContain("stolen", Page.Url, StringComparison.Ordinal);
    }

    private async Task ThroughTheIssuerAsync(string account)
    {
        await OpenAsync();
        await Button("Single sign-on").ClickAsync();
        await Field("Account").FillAsync(account);
        await Button("Continue at the issuer").ClickAsync();
    }

    /// <summary>No storage, no cookie, and nothing in the address.</summary>
    private async Task KeepsNothingAsync()
    {
        Assert.Equal("0 0 0", await Page.EvaluateAsync<string>("() => `${localStorage.length} ${sessionStorage.length} ${document.cookie.length}`"));
        Assert.Empty(await Context.CookiesAsync());
        Assert.DoesNotContain('?', Page.Url);
    }
}
