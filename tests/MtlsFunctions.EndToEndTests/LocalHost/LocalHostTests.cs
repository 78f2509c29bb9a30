using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.LocalHost;

/// <summary>What a person gets from LocalHost, seen from outside.</summary>
public sealed class LocalHostTests(AzuriteFixture azurite)
{
    private static readonly string[] Ephemeral = ["--ephemeral"];

    [Fact]
    public async Task The_session_file_tells_everything_that_is_needed_to_forward()
    {
        await using var host = await LocalHostProcess.Start(Ephemeral).ReadyAsync();
        var session = host.Session;
        Assert.Equal(["baseUrl", "sandboxUrl", "accounts"], session.AsObject().Select(member => member.Key));
        Assert.Contains($"console {session["baseUrl"]}/console,", host.Text, StringComparison.Ordinal);
        foreach (var name in new[] { "demo", "other" })
        {
            var account = session["accounts"]![name]!;
            Assert.Equal(["accountId", "bearer", "p12Path", "p12Password", "username", "password", "clientId", "clientSecret"], account.AsObject().Select(member => member.Key));
            Assert.True(Path.IsPathFullyQualified((string)account["p12Path"]!));
            var seen = await OnboardAsync(session, name, $"{session["sandboxUrl"]}/{name}?q=1");
            await LogInAsync(session, name, $"{session["sandboxUrl"]}/{name}?q=1", (string)seen["thumbprint"]!);
            Assert.Equal(["subject", "thumbprint", "tlsVersion", "method", "path", "headers", "body"], seen.AsObject().Select(member => member.Key));
            Assert.Equal($"/{name}?q=1", (string?)seen["path"]);
        }

        var files = new[] { "demo", "other" }.Select(name => File.ReadAllBytes((string)session["accounts"]![name]!["p12Path"]!)).ToArray();
        Assert.NotEqual(files[0], files[1]);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.SessionPath));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_everything_that_it_started(string signal)
    {
        await using var host = await LocalHostProcess.Start(Ephemeral).ReadyAsync();
        var children = host.Children();
        Assert.NotEmpty(children);
        var data = Path.GetDirectoryName(Path.GetDirectoryName((string)host.Session["accounts"]!["demo"]!["p12Path"]!))!;
        Assert.True(Directory.Exists(data));

        await host.SignalAsync(signal);

        Assert.Equal(0, await host.ExitAsync());
        Assert.All(children, child => Assert.True(child.HasExited));
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task Azurite_ends_even_when_LocalHost_is_killed()
    {
        await using var host = await LocalHostProcess.Start(Ephemeral).ReadyAsync();
        var children = host.Children();
        Assert.NotEmpty(children);

        await host.SignalAsync("KILL");

        foreach (var child in children)
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_thread_that_waits_for_sockets_does_not_interrupt_those_that_work()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have no SCHED_BATCH.");
        await using var host = await LocalHostProcess.Start(Ephemeral).ReadyAsync();
        var waiting = Directory.EnumerateDirectories($"/proc/{host.Id}/task")
            .Where(thread => File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd() == ".NET Sockets");
        Assert.NotEmpty(waiting);
        // The policy; SCHED_BATCH is 3.
        Assert.All(waiting, thread => Assert.Equal("3", LocalHostProcess.StatField(Path.Combine(thread, "stat"), 41)));
    }

    [Fact]
    public async Task Several_ephemeral_ones_run_side_by_side()
    {
        await using var one = LocalHostProcess.Start(Ephemeral);
        await using var two = LocalHostProcess.Start(Ephemeral);
        var urls = new[] { (await one.ReadyAsync()).Session, (await two.ReadyAsync()).Session }
            .SelectMany(session => new[] { (string)session["baseUrl"]!, (string)session["sandboxUrl"]! });
        Assert.Equal(4, urls.Distinct().Count());
    }

    [Fact]
    public async Task State_survives_a_restart()
    {
        var data = Directory.CreateTempSubdirectory("mtlsfunctions-test-");
        var environment = new Dictionary<string, string> { ["Azurite__TablePort"] = FreePort(), ["Sandbox__Port"] = FreePort() };
        string[] arguments = ["--data", data.FullName, "--urls", "http://127.0.0.1:0"];
        try
        {
            string url, before;
            await using (var first = await LocalHostProcess.Start(arguments, environment).ReadyAsync())
            {
                url = $"{first.Session["sandboxUrl"]}/kept";
                before = (string)(await OnboardAsync(first.Session, "demo", url))["thumbprint"]!;
                await first.SignalAsync("TERM");
                Assert.Equal(0, await first.ExitAsync());
            }

            await using var second = await LocalHostProcess.Start(arguments, environment).ReadyAsync();
            var answer = await Client(second.Session, "demo").ForwardAsync(HttpMethod.Get, url);
            Assert.Equal((HttpStatusCode.OK, before), (answer.Status, (string?)answer.Json["thumbprint"]));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_walkthrough_ends_with_the_proof()
    {
        await using var host = LocalHostProcess.Start(["walkthrough", "--ephemeral"]);
        Assert.Equal(0, await host.ExitAsync());
        Assert.Contains("PROOF: the sandbox saw the uploaded certificate", host.Text, StringComparison.Ordinal);
        Assert.Matches(@"or do the same by hand at http://127\.0\.0\.1:\d+/console\.", host.Text);
        Assert.Equal(8, host.Output.Count(line => line.StartsWith("curl ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_Node_both_ways_out_are_told_and_nothing_is_left()
    {
        await using var host = LocalHostProcess.Start(Ephemeral, new Dictionary<string, string> { ["PATH"] = Path.GetTempPath() });
        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains("Node", host.Text, StringComparison.Ordinal);
        Assert.Contains("Storage__ConnectionString", host.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(host.SessionPath));
    }

    [Fact]
    public async Task Without_Node_a_configured_table_service_is_enough()
    {
        await using var host = await LocalHostProcess.Start(Ephemeral, new Dictionary<string, string>
        {
            ["PATH"] = Path.GetTempPath(),
            ["Storage__ConnectionString"] = azurite.ConnectionString,
            ["Storage__TableName"] = $"t{Guid.NewGuid():N}",
        }).ReadyAsync();
        Assert.Empty(host.Children());
        Assert.NotEmpty((string)(await OnboardAsync(host.Session, "demo", $"{host.Session["sandboxUrl"]}/"))["thumbprint"]!);
    }

    [Theory]
    [InlineData("Forwarding__AllowedNetworks__0", "not a network", "AllowedNetworks")]
    [InlineData("Forwarding__TrustedRoots__0", "missing.pem", "TrustedRoots")]
    public async Task A_wrong_setting_is_named_and_nothing_is_left(string name, string value, string named)
    {
        await using var host = LocalHostProcess.Start(Ephemeral, new Dictionary<string, string> { [name] = value });
        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains(named, host.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hash_password_reads_a_line_and_prints_a_hash_that_logs_in_and_starts_nothing_else()
    {
        const string password = "correct horse battery staple";
        await using var host = LocalHostProcess.Ask(["hash-password"], password);
        Assert.Equal(0, await host.ExitAsync());
        var hash = Assert.Single(host.Output);
        Assert.DoesNotContain(password, hash, StringComparison.Ordinal);

        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>
        {
            ["Accounts:Administrators:ann:Account"] = "demo",
            ["Accounts:Administrators:ann:LoginName"] = "ann",
            ["Accounts:Administrators:ann:PasswordHash"] = hash,
        });
        var login = await gateway.WithToken("demo", null).PostAsync("/api/account/demo/login", new JsonObject { ["username"] = "ann", ["password"] = password });
        Assert.Equal(HttpStatusCode.OK, login.Status);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("walkthrough", "--help")]
    [InlineData("copy-vault", "--help")]
    public async Task Help_is_shown_and_starts_nothing(params string[] arguments)
    {
        await using var host = LocalHostProcess.Ask(arguments, "");

        Assert.Equal(0, await host.ExitAsync());
        Assert.Equal(MtlsFunctions.LocalHost.Flags.Usage, host.Text);
        Assert.Empty(host.Errors);
        Assert.Empty(host.Left);
    }

    [Fact]
    public async Task An_address_in_use_is_named_and_nothing_is_left()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        await using var host = LocalHostProcess.Start(["--ephemeral", "--urls", url]);
        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains(url, host.Text, StringComparison.Ordinal);
        Assert.Empty(host.Children());
    }

    private static GatewayClient Client(JsonNode session, string name) => new(
        (string)session["baseUrl"]!, (string)session["accounts"]![name]!["accountId"]!, (string)session["accounts"]![name]!["bearer"]!);

    internal static async Task<JsonNode> OnboardAsync(JsonNode session, string name, string url)
    {
        var account = session["accounts"]![name]!;
        var client = Client(session, name);
        var pkcs12 = await File.ReadAllBytesAsync((string)account["p12Path"]!, TestContext.Current.CancellationToken);
        var uploaded = await client.UploadAsync(pkcs12, $"certificate for {url}", (string)account["p12Password"]!);
        Assert.Equal(HttpStatusCode.Created, uploaded.Status);
        var certificate = uploaded.Json["successfulySavedCertificates"]![0]!;
        await client.MapAsync(url, (long)certificate["id"]!);
        var answer = await client.ForwardAsync(HttpMethod.Get, url);
        Assert.Equal((HttpStatusCode.OK, (string?)certificate["thumbprint"]), (answer.Status, (string?)answer.Json["thumbprint"]));
        return answer.Json;
    }

    /// <summary>What the session file says of the person and of the client works as it stands there.</summary>
    private static async Task LogInAsync(JsonNode session, string name, string url, string thumbprint)
    {
        var account = session["accounts"]![name]!;
        var (gateway, id) = ((string)session["baseUrl"]!, (string)account["accountId"]!);
        var nobody = new GatewayClient(gateway, id, (string?)null);
        var login = await nobody.PostAsync(
            $"/api/account/{id}/login?v=1.3", new JsonObject { ["username"] = account["username"]!.DeepClone(), ["password"] = account["password"]!.DeepClone() });
        var person = new GatewayClient(gateway, id, (string?)login.Json["bearer"]);
        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync($"/mtls/account/{id}/app-keys")).Status);

        var token = await nobody.SendAsync(HttpMethod.Post, $"/sentinel/api/v2/account/{id}/app/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = (string)account["clientId"]!,
            ["client_secret"] = (string)account["clientSecret"]!,
            ["grant_type"] = "client_credentials",
        }));
        var client = new GatewayClient(gateway, id, (string?)token.Json["access_token"]);
        Assert.Equal(thumbprint, (string?)(await client.ForwardAsync(HttpMethod.Get, url)).Json["thumbprint"]);
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
