using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>Which service and URL use which certificate.</summary>
public sealed class MappingPageTests(ConsoleHost host) : ConsoleTest(host)
{
    [Fact]
    public async Task A_mapping_is_tried_for_real_before_it_is_saved_and_the_trial_leaves_nothing()
    {
        var account = Host.NewAccount();
        await Host.UploadAsync(account, "orders");
        await SignInAsync(account.Account, "mappings");
        await Button("Add the first mapping").ClickAsync();
        await Field("Name").FillAsync("hooks");
        await Field("URL").FillAsync($"{Host.Session.SandboxUrl}/hooks?x=1");
        // Nothing is chosen for anybody.
        Assert.Equal("", await Field("Certificate").InputValueAsync());
        await Field("Certificate").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await InDialog("Send a GET").ClickAsync();

        await Expect(Dialog).ToContainTextAsync("HTTP 200");
        await Expect(Dialog).ToContainTextAsync("CN=demo.sandbox");
        Assert.Empty(await ListAsync(account));
        await InDialog("Save mapping").ClickAsync();
        await Expect(Row("hooks")).ToContainTextAsync("Enabled");
    }

    [Fact]
    public async Task A_mapping_is_disabled_enabled_and_deleted_and_each_shows_its_command_first()
    {
        var account = Host.NewAccount();
        await MapAsync(account, await Host.UploadAsync(account, "orders"), "hooks", "/hooks");
        await SignInAsync(account.Account, "mappings");
        await Button("Disable hooks").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("Requests go there without one then");
        await Expect(Dialog.Locator("pre")).ToContainTextAsync("\"enable\":false");
        await InDialog("Disable mapping").ClickAsync();
        await Expect(Row("hooks")).ToContainTextAsync("Disabled");
        Assert.False((bool)(await ListAsync(account))[0]!["enable"]!);

        await Button("Enable hooks").ClickAsync();
        await Expect(Dialog.Locator("pre")).ToContainTextAsync("\"enable\":true");
        await InDialog("Enable mapping").ClickAsync();
        await Expect(Row("hooks")).ToContainTextAsync("Enabled");

        // Somebody else's change comes between: nothing happens until the person has been told.
        await Button("Delete hooks").ClickAsync();
        await Host.UploadAsync(account, "meanwhile");
        await InDialog("Delete mapping").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody else changed this account meanwhile");
        Assert.Single(await ListAsync(account));
        await InDialog("Delete mapping").ClickAsync();
        await Expect(Page.GetByText("No mapping yet")).ToBeVisibleAsync();
        Assert.Empty(await ListAsync(account));
    }

    [Fact]
    public async Task Mappings_are_filtered_by_service_URL_and_certificate()
    {
        var account = Host.NewAccount();
        await MapAsync(account, await Host.UploadAsync(account, "orders"), "hooks", "/notify");
        await MapAsync(account, await ConsoleHost.UploadAsync(account, "people", Host.OtherPkcs12), "staff", "/login", "1");
        await SignInAsync(account.Account, "mappings");
        var filter = Page.GetByRole(AriaRole.Searchbox);
        await Expect(Page.GetByText("2 of 2")).ToBeVisibleAsync();
        foreach (var (text, found, other) in new[] { ("/LOGIN", "staff", "hooks"), ("orders", "hooks", "staff"), ("hook", "hooks", "staff") })
        {
            await filter.FillAsync(text);
            await Expect(Page.GetByText("1 of 2")).ToBeVisibleAsync();
            await Expect(Row(found)).ToBeVisibleAsync();
            await Expect(Row(other)).ToHaveCountAsync(0);
        }

        await Field("Service").SelectOptionAsync("IDP");
        await Expect(Page.GetByText("Nothing matches the filter.")).ToBeVisibleAsync();
        await filter.FillAsync("");
        await Expect(Row("staff")).ToBeVisibleAsync();
        await Expect(Row("hooks")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_mapping_is_pointed_to_another_certificate_and_what_cannot_be_saved_is_explained()
    {
        var account = Host.NewAccount();
        var orders = await Host.UploadAsync(account, "orders");
        await ConsoleHost.UploadAsync(account, "billing", Host.OtherPkcs12);
        var url = await MapAsync(account, orders, "hooks", "/hooks");
        await MapAsync(account, orders, "second", "/second");
        await SignInAsync(account.Account, "mappings");
        await Button("Change hooks").ClickAsync();
        await Field("Certificate").SelectOptionAsync(new SelectOptionValue { Label = await CertificateAsync(account, "billing") });
        await Field("Name").FillAsync("hooks of billing");
        await InDialog("Save change").ClickAsync();
        await Expect(Row("hooks of billing")).ToContainTextAsync("billing");
        Assert.Contains("CN=other.sandbox", (await account.ForwardAsync(HttpMethod.Get, url)).Text, StringComparison.Ordinal);

        await Button("Change second").ClickAsync();
        await Field("URL").FillAsync("http://plain.example/");
        await InDialog("Save change").ClickAsync();
        await IsRefusedAsync("The URL must be absolute and start with https://");
        await Field("URL").FillAsync(url);
        await InDialog("Save change").ClickAsync();
        await IsRefusedAsync("Another mapping has this service and URL already");
        await Field("URL").FillAsync($"{url}/second");
        await Field("Name").FillAsync("hooks of billing");
        await InDialog("Save change").ClickAsync();
        await IsRefusedAsync("This name is used already");
        await Field("Name").FillAsync("third");
        await InDialog("Save change").ClickAsync();
        await Expect(Row("third")).ToContainTextAsync($"{url}/second");
    }

    [Fact]
    public async Task An_endpoint_of_a_private_authority_is_trusted_by_what_it_shows_tried_mapped_and_untrusted_again()
    {
        var account = Host.NewAccount();
        await Host.UploadAsync(account, "orders");
        var url = $"{Host.Private.Url}/hooks";
        await SignInAsync(account.Account, "mappings");
        await Button("Add the first mapping").ClickAsync();
        await Field("Name").FillAsync("hooks");
        await Field("Certificate").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Field("URL").FillAsync(url);
        await InDialog("Send a GET").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("Code: tls-untrusted");
        var shown = Dialog.GetByRole(AriaRole.Region, new() { Name = "What the server showed" });
        await Expect(shown).ToContainTextAsync(Host.PrivateThumbprint);
        await Page.IsFineAsync("mapping-shown");
        await shown.GetByRole(AriaRole.Button).First.ClickAsync();
        await Expect(Field("Certificates that the server is trusted by")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("BEGIN CERTIFICATE"));
        await InDialog("Send a GET").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("HTTP 200");
        await InDialog("Save mapping").ClickAsync();
        await Expect(Row("hooks")).ToContainTextAsync("Enabled");
        Assert.Equal(System.Net.HttpStatusCode.OK, (await account.ForwardAsync(HttpMethod.Get, url)).Status);

        // What nobody touched stays; what is emptied goes.
        await Button("Change hooks").ClickAsync();
        await Expect(Field("Certificates that the server is trusted by")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("BEGIN CERTIFICATE"));
        await InDialog("Save change").ClickAsync();
        await Expect(Dialog).ToBeHiddenAsync();
        Assert.Equal(System.Net.HttpStatusCode.OK, (await account.ForwardAsync(HttpMethod.Get, url)).Status);
        await Button("Change hooks").ClickAsync();
        await Field("Certificates that the server is trusted by").FillAsync("");
        await InDialog("Save change").ClickAsync();
        await Expect(Dialog).ToBeHiddenAsync();
        Assert.Equal("tls-untrusted", (string?)(await account.ForwardAsync(HttpMethod.Get, url)).Json["transportError"]);
    }

    [Fact]
    public async Task A_trial_that_was_cut_off_is_taken_away_by_the_next_one()
    {
        var account = Host.NewAccount();
        var certificate = await Host.UploadAsync(account, "orders");
        await MapAsync(account, certificate, "trial of ours", "/ours", "0");
        await Page.Clock.InstallAsync();
        await SignInAsync(account.Account, "mappings");
        await Page.RouteAsync("**/ac-common/mtls/*", call => call.Request.Method == "DELETE" ? call.AbortAsync() : call.ContinueAsync());
        await TryAsync("/hooks");
        await Expect(Dialog).ToContainTextAsync("could not be taken away");
        await InDialog("Cancel").ClickAsync();
        Assert.Equal(2, (await ListAsync(account)).Count);
        await Page.UnrouteAllAsync();

        // It may be another person's that goes on just now.
        await GoToAsync("Check");
        await GoToAsync("Mappings");
        await Expect(Row("trial of 20")).ToContainTextAsync("/hooks");
        await TryAsync("/another");
        await Expect(Dialog).ToContainTextAsync("HTTP 200");
        Assert.Equal(2, (await ListAsync(account)).Count);

        await Page.Clock.FastForwardAsync("06:00");
        await InDialog("Send a GET").ClickAsync();
        await Expect(Row("trial of 20")).ToHaveCountAsync(0);
        await Expect(Dialog).ToContainTextAsync("HTTP 200");
        Assert.Equal("trial of ours", (string?)Assert.Single(await ListAsync(account))!["name"]);
    }

    private async Task TryAsync(string path)
    {
        await Button("Add mapping").ClickAsync();
        await Field("Certificate").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Field("URL").FillAsync(Host.Session.SandboxUrl + path);
        await InDialog("Send a GET").ClickAsync();
    }

    private async Task IsRefusedAsync(string why)
    {
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync(why);
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Trace id: 00-");
    }

    private async Task<string> MapAsync(GatewayClient account, long certificate, string name, string path, string service = "2")
    {
        var url = Host.Session.SandboxUrl + path;
        Assert.Equal(System.Net.HttpStatusCode.Created, (await account.PostAsync(account.MappingsPath, new JsonArray(GatewayClient.Mapping(url, certificate, service, name)))).Status);
        return url;
    }

    // As the choice shows it: with its last day.
    private async Task<string> CertificateAsync(GatewayClient account, string name)
    {
        var labels = await Field("Certificate").Locator("option").AllTextContentsAsync();
        labels = [.. labels.Skip(1)];
        Assert.Equal(labels.Order(StringComparer.CurrentCulture), labels);
        Assert.All(labels, label => Assert.Matches(@"ends \d+ \w+ \d{4}", label));
        Assert.Equal(2, (await account.GetAsync(account.CertificatesPath)).Json.AsArray().Count);
        return labels.Single(label => label.StartsWith($"{name} (", StringComparison.Ordinal));
    }

    private static async Task<JsonArray> ListAsync(GatewayClient account) => (await account.GetAsync(account.MappingsPath)).Json.AsArray();
}
