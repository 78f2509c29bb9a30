using System.Net.Http.Headers;
using MtlsFunctions.LocalHost.Sandbox;

namespace MtlsFunctions.LocalHost;

/// <summary>Everything that one LocalHost starts; disposing it ends all of it, also after a start that failed half-way.</summary>
public sealed class RunningLocalHost : IAsyncDisposable
{
    private static readonly string[] AccountNames = ["demo", "other"];

    private readonly Stack<IAsyncDisposable> started = new();

    private RunningLocalHost()
    {
    }

    public Session Session { get; private set; } = null!;

    /// <summary>Where it is written.</summary>
    public string SessionFile { get; private set; } = "";

    /// <summary>What its gateway was started with, for another instance on the same stores.</summary>
    public IConfiguration Settings { get; private set; } = null!;

    /// <param name="say">Takes lines for the person who waits.</param>
    /// <exception cref="LocalHostException">What is wrong and what to do about it.</exception>
    public static async Task<RunningLocalHost> StartAsync(Flags flags, IConfiguration settings, Action<string> say, CancellationToken cancellation)
    {
        var host = new RunningLocalHost();
        try
        {
            await host.StartAllAsync(flags, settings, say, cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private async Task StartAllAsync(Flags flags, IConfiguration settings, Action<string> say, CancellationToken cancellation)
    {
        var data = Started(DataFolder.Open(flags));
        var sessionFile = flags.Session ?? Path.Combine(data.Path, "session.json");
        SessionFile = sessionFile;
        // Whoever waits for it must not find that of an earlier run.
        File.Delete(sessionFile);

        // Azurite takes longest, so everything that needs no table starts beside it.
        var storage = LocalStorage.StartAsync(flags, settings, data, say, cancellation);
        try
        {
            var pki = SandboxPki.Open(data.Folder("sandbox"), AccountNames, TimeProvider.System);
            var sandbox = Started(await SandboxServer.StartAsync(pki, SandboxPort(flags, settings), cancellation));
            var issuer = Started(await LocalIssuer.StartAsync(data.Folder("issuer"), TimeProvider.System, cancellation));

            var accounts = await LocalAccounts.OpenAsync(data.Folder("accounts"), AccountNames, cancellation);
            var composed = Defaults.Compose(
                settings, flags, data, (await storage).ConnectionString, pki.CaPemPath, issuer.MetadataAddress, accounts);
            Settings = composed;
            var gateway = Started(await GatewayServer.StartAsync(composed, flags.Urls ?? Defaults.Url(flags), cancellation));

            Session = new Session(gateway.Url, sandbox.Url, AccountNames.ToDictionary(name => name, name => new SessionAccount(
                name, issuer.Token(name, "MTLS_READ_INTERNAL", "MTLS_WRITE_INTERNAL"), pki.Clients[name].P12Path, pki.Clients[name].Password,
                accounts[name].Username, accounts[name].Password, accounts[name].ClientId, accounts[name].ClientSecret)));
            await AskAsync(Session, cancellation);
            await Session.WriteAsync(sessionFile, cancellation);
            say($"Session file: {sessionFile}");
        }
        finally
        {
            // Also when something else failed meanwhile: Azurite must not outlive us.
            await ((Task)storage).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (storage.IsCompletedSuccessfully)
                Started(await storage);
        }
    }

    // One real request, through authorization, issuer and table: only what answers is announced.
    private static async Task AskAsync(Session session, CancellationToken cancellation)
    {
        var demo = session.Accounts["demo"];
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{session.BaseUrl}/mtls/account/{demo.AccountId}/certificates");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", demo.Bearer);
        using var answer = await http.SendAsync(request, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new LocalHostException($"The gateway started but doesn't work: {await answer.Content.ReadAsStringAsync(cancellation)}");
    }

    private static int SandboxPort(Flags flags, IConfiguration settings) => flags.Ephemeral ? 0 : settings.GetValue("Sandbox:Port", Defaults.SandboxPort);

    private T Started<T>(T part)
        where T : IAsyncDisposable
    {
        started.Push(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        while (started.TryPop(out var part))
            await part.DisposeAsync();
    }
}
