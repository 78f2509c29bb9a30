using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>The three ways in.</summary>
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
        await Page.KeepsNothingAsync();
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
    public async Task With_a_token_but_not_with_one_that_does_not_hold()
    {
        await OpenAsync();
        await Button("Access token").ClickAsync();
        await Field("Account").FillAsync("demo");
        await Field("Access token").FillAsync(Host.Tokens.Token("another", "MTLS_WRITE_INTERNAL"));
        await Button("Use this token").ClickAsync();

        await Expect(Alert).ToContainTextAsync("These credentials belong to another account.");
        await UseTokenAsync("demo", Tokens.Token("demo", "MTLS_WRITE_INTERNAL"));
        await Page.KeepsNothingAsync();
    }

    [Fact]
    public async Task With_the_issuer_and_PKCE()
    {
        Host.Issuer.Account = Host.NewAccount().Account;
        await Page.Clock.InstallAsync();
        await ThroughTheIssuerAsync(Host.Issuer.Account);

        await Expect(Heading("Certificates")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Banner)).ToContainTextAsync("ann@example.com");
        Assert.Equal(Host.Url, Page.Url.Split('#')[0]);
        Assert.Equal(43, $"{Host.Issuer.Redeemed!["code_verifier"]}".Length);
        Assert.False(Host.Issuer.Redeemed.ContainsKey("client_secret"));
        await Page.KeepsNothingAsync();
        await Expect(Page.GetByText("No certificate yet")).ToBeVisibleAsync();

        // Only a login's token can be renewed here: this one is used to its end, and nobody asks for another.
        var asked = 0;
        await Page.RouteAsync("**/refresh?*", call =>
        {
            Interlocked.Increment(ref asked);
            return call.ContinueAsync();
        });
        await PassAsync(TimeSpan.FromHours(1));
        await Expect(Page.GetByText("Your session has ended. Sign in again.")).ToBeVisibleAsync();
        Assert.Equal(0, asked);
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
            await Page.KeepsNothingAsync();
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
}
