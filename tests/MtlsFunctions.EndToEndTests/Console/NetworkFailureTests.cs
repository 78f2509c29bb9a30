using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>A network that fails or is slow: said in words, and done again with one press.</summary>
public sealed partial class NetworkFailureTests(ConsoleHost host) : ConsoleTest(host)
{
    [Fact]
    public async Task A_list_that_does_not_come_is_asked_for_again()
    {
        var account = Host.NewAccount();
        await Host.UploadAsync(account, "orders");
        await SignInAsync(account.Account, "try");
        await Page.RouteAsync(Certificates, call => call.AbortAsync());
        await GoToAsync("Certificates");
        await Expect(Alert).ToContainTextAsync("The gateway can’t be reached");
        await Expect(Alert).ToContainTextAsync("Check your connection and try again.");
        await Page.UnrouteAllAsync();

        var released = new TaskCompletionSource();
        await Page.RouteAsync(Certificates, async call =>
        {
            await released.Task;
            await call.ContinueAsync();
        });
        await Button("Try again").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Loading…" })).ToBeVisibleAsync();
        released.SetResult();
        await Expect(Row("orders")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_change_that_does_not_arrive_says_so_and_is_sent_again()
    {
        var account = Host.NewAccount();
        await account.MapAsync($"{Host.Session.SandboxUrl}/hooks", await Host.UploadAsync(account, "orders"));
        await SignInAsync(account.Account, "mappings");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Page.RouteAsync("**/ac-common/mtls/*", call => call.AbortAsync());
        await InDialog("Delete mapping").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("If this was a change, look first whether it was made.");
        await Page.UnrouteAllAsync();
        await InDialog("Delete mapping").ClickAsync();
        await Expect(Page.GetByText("No mapping yet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_console_that_cannot_begin_says_so_and_begins_again()
    {
        await Page.RouteAsync("**/settings.json", call => call.AbortAsync());
        await Page.GotoAsync(Url);
        await Expect(Alert).ToContainTextAsync("The gateway can’t be reached");
        await Page.UnrouteAllAsync();
        await Button("Try again").ClickAsync();
        await Expect(Heading("Sign in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_page_that_meets_an_instance_of_another_build_comes_right_by_itself()
    {
        // What an instance of another build says of this one's files; the first asks of each meet it.
        var missed = new Dictionary<string, int> { ["words.js"] = 2, ["main.js"] = 1, ["pages.css"] = 1 };
        await Page.RouteAsync("**/console/*/*.*", async call =>
        {
            var name = new Uri(call.Request.Url).Segments[^1];
            if (missed.GetValueOrDefault(name) is var left && left == 0)
            {
                await call.ContinueAsync();
                return;
            }

            missed[name] = left - 1;
            var answer = await call.FetchAsync(new() { Url = $"{Url}/0000000000000000/{name}" });
            Assert.Equal((404, "no-store"), (answer.Status, answer.Headers["cache-control"]));
            await call.FulfillAsync(new() { Response = answer });
        });

        await Page.GotoAsync(Url);
        await Expect(Heading("Sign in")).ToBeVisibleAsync();
        Assert.All(missed, one => Assert.Equal(0, one.Value));
        Assert.Null(await Page.EvaluateAsync<string?>("sessionStorage.getItem('console.tries')"));
    }

    [Fact]
    public async Task A_page_whose_files_stay_missing_says_so_in_the_end()
    {
        await Page.Clock.InstallAsync();
        await Page.RouteAsync("**/console/*/words.js", call => call.FulfillAsync(new() { Status = 404 }));
        await Page.AddInitScriptAsync("sessionStorage.setItem('console.tries', 12)");
        await Page.GotoAsync(Url);
        await Expect(Page.GetByText("Files of the console are missing")).ToBeVisibleAsync();
    }

    [GeneratedRegex("/certificates$")]
    private static partial Regex Certificates { get; }
}
