using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>How long somebody stays signed in, and what is left afterwards: nothing.</summary>
public sealed partial class SessionTests(ConsoleHost host) : ConsoleTest(host)
{
    [Fact]
    public async Task Signing_out_clears_the_page_for_good()
    {
        var account = Host.NewAccount();
        await Host.UploadAsync(account, "secret-name");
        await SignInAsync(account.Account);
        await Expect(Row("secret-name")).ToBeVisibleAsync();
        await GoToAsync("Check");
        await GoToAsync("Certificates");
        await Button("Sign out").ClickAsync();

        await Expect(Page.GetByText("You are signed out.")).ToBeVisibleAsync();
        await Expect(Page.Locator("body")).Not.ToContainTextAsync("secret-name");
        await Page.KeepsNothingAsync();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await Page.GoBackAsync();
            await Expect(Heading("Sign in")).ToBeVisibleAsync();
            Assert.DoesNotContain("secret-name", await Page.ContentAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_answer_that_comes_after_signing_out_is_not_for_the_next_person()
    {
        var released = new TaskCompletionSource();
        await SignInAsync(Host.NewAccount().Account, "try");
        await Page.RouteAsync(Forward, async call =>
        {
            await released.Task;
            await call.ContinueAsync();
        });
        await Page.GetByLabel("Refuse to send without a certificate").UncheckAsync();
        await Field("URL").FillAsync(Host.Odd.Url);
        await Button("Send").ClickAsync();
        await Button("Sign out").ClickAsync();

        await UseTokenAsync("demo", Tokens.Token("demo", "MTLS_WRITE_INTERNAL"));
        await Page.RunAndWaitForRequestFinishedAsync(() => Task.FromResult(released.TrySetResult()), new() { Predicate = request => Forward.IsMatch(request.Url) });
        // The console has read what came before another answer is there.
        await GoToAsync("Check");
        await Field("URLs").FillAsync(Host.Odd.Url);
        await Button("Check").ClickAsync();
        await Expect(Page.GetByLabel("Results")).ToContainTextAsync("None");
        await GoToAsync("Try");
        await Expect(Field("URL")).ToHaveValueAsync("");
        await Expect(Page.GetByLabel("Answer")).ToHaveCountAsync(0);
        await Expect(Button("Send")).ToBeEnabledAsync();
    }

    [Fact]
    public async Task A_session_that_has_expired_says_what_was_not_done_and_comes_back_to_the_same_page()
    {
        var account = Host.NewAccount();
        await account.MapAsync($"{Host.Session.SandboxUrl}/hooks", await Host.UploadAsync(account, "orders"));
        await SignInAsync(account.Account, "mappings");
        await Page.RouteAsync("**/ac-common/mtls/*", call => call.ContinueAsync(new() { Headers = call.Request.Headers.Where(header => header.Key != "authorization") }));
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await InDialog("Delete mapping").ClickAsync();

        await Expect(Page.GetByText("Your session has ended. Sign in again. “Delete mapping” was not done.")).ToBeVisibleAsync();
        await Expect(Dialog).ToHaveCountAsync(0);
        await Page.UnrouteAllAsync();
        await UseTokenAsync(account.Account, Tokens.Token(account.Account, "MTLS_WRITE_INTERNAL"));
        await Expect(Heading("Mappings")).ToBeVisibleAsync();
        await Expect(Alert).ToHaveCountAsync(0);
        Assert.Single((await account.GetAsync(account.MappingsPath)).Json.AsArray());
    }

    [Fact]
    public async Task Nobody_at_the_keyboard_is_warned_then_signed_out()
    {
        await Page.Clock.InstallAsync();
        await SignInAsync(Host.NewAccount().Account);
        await Expect(Page.GetByText("No certificate yet")).ToBeVisibleAsync();
        await Page.Clock.FastForwardAsync("14:10");
        await Expect(Alert).ToContainTextAsync("you are signed out in");
        await Page.Keyboard.PressAsync("Shift");
        await Expect(Alert).ToHaveCountAsync(0);

        await Page.Clock.FastForwardAsync("15:10");
        await Expect(Page.GetByText("because nobody used the console")).ToBeVisibleAsync();
        await Expect(Heading("Sign in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_login_is_renewed_before_it_ends_and_where_that_fails_it_ends()
    {
        await Page.Clock.InstallAsync();
        var demo = Host.Session.Accounts["demo"];
        await OpenAsync();
        var opened = await Page.EvaluateAsync<long>("() => Date.now()");
        await Field("Account").FillAsync("demo");
        await Field("Name").FillAsync(demo.Username);
        await Field("Password").FillAsync(demo.Password);
        await Button("Sign in").ClickAsync();
        await Expect(Heading("Certificates")).ToBeVisibleAsync();
        await Expect(Page.Locator(".loading")).ToHaveCountAsync(0);

        await PassAsync(ConsoleHost.SessionLifetime - TimeSpan.FromMinutes(12));
        // The browser's clock also ends requests that take a minute: it stands still while this one is under way.
        await Page.Clock.PauseAtAsync(DateTimeOffset.FromUnixTimeMilliseconds(opened).AddMinutes(-10).Add(ConsoleHost.SessionLifetime).UtcDateTime);
        string? bearer = null;
        // Read on its way: the browser doesn't always have it any more when it is asked afterwards.
        await Page.RouteAsync("**/refresh?*", async call =>
        {
            var answer = await call.FetchAsync();
            bearer = (string?)JsonNode.Parse(await answer.TextAsync())!["bearer"];
            await call.FulfillAsync(new() { Response = answer });
        });
        await Page.Clock.RunForAsync(50_000);
        await Expect(Page.GetByLabel("Requests", new() { Exact = true })).ToContainTextAsync("Stay signed in 200");
        await Page.Clock.ResumeAsync();
        await PassAsync(TimeSpan.FromMinutes(12));
        var used = await Page.RunAndWaitForRequestAsync(() => GoToAsync("App keys"), request => request.Url.EndsWith("/app-keys", StringComparison.Ordinal));
        await Expect(Page.GetByText("No app key yet")).ToBeVisibleAsync();
        Assert.Equal($"Bearer {bearer}", await used.HeaderValueAsync("authorization"));

        var asked = 0;
        await Page.RouteAsync("**/refresh?*", call =>
        {
            Interlocked.Increment(ref asked);
            return call.AbortAsync();
        });
        await PassAsync(ConsoleHost.SessionLifetime);
        await Expect(Page.GetByText("Your session has ended. Sign in again.")).ToBeVisibleAsync();
        // Not every few seconds of the last ten minutes.
        Assert.InRange(asked, 1, 10);
    }

    [GeneratedRegex("/mtls/account/[^/]+$")]
    private static partial Regex Forward { get; }
}
