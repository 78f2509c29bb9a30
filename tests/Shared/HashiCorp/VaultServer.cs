using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>
/// A server that answers as HashiCorp Vault or OpenBao does, as far as our client and the recordings in
/// <c>tests/Shared/Recordings</c> go: KV version 2, tokens, AppRole and JWT logins, policies, namespaces, seal and health. It is
/// set up over its API, as a real one.
/// </summary>
public sealed class VaultServer : IAsyncDisposable
{
    /// <summary>The token of a development server's operator.</summary>
    public const string RootToken = "root";

    private readonly SemaphoreSlim one = new(1);
    private readonly VaultServerOptions options;
    private readonly VaultTokens tokens;
    private readonly VaultSeal seal;
    private readonly VaultSystem system;
    private readonly X509Certificate2? certificate;
    private LoopbackKestrel? kestrel;

    private VaultServer(VaultServerOptions options, X509Certificate2? certificate)
    {
        (this.options, this.certificate, Port) = (options, certificate, options.Port);
        Faults = new VaultFaults(
            context => Script is { } script ? script(context, () => AnswerAsync(context)) : AnswerAsync(context), AnswerErrorAsync);
        tokens = new VaultTokens(options.Dialect, options.Clock);
        seal = new VaultSeal(options);
        system = new VaultSystem(options, tokens, seal);
        if (!options.Raft)
            AddRoot(RootToken);
    }

    public string Url => $"{(certificate is null ? "http" : "https")}://127.0.0.1:{Port}";

    public int Port { get; private set; }

    public VaultDialect Dialect => options.Dialect;

    /// <summary>Every request that was understood as one, oldest first.</summary>
    public ConcurrentQueue<VaultRequest> Received { get; } = new();

    public bool IsSealed
    {
        get => seal.IsSealed;
        set => seal.IsSealed = value;
    }

    public bool IsStandby
    {
        get => seal.IsStandby;
        set => seal.IsStandby = value;
    }

    /// <summary>What stands before everything else and counts requests.</summary>
    public VaultFaults Faults { get; }

    /// <summary>What chosen requests meet. Ready ones: <see cref="VaultScripts"/>.</summary>
    public VaultScript? Script { get; set; }

    /// <param name="certificate">Null serves plain HTTP.</param>
    public static async Task<VaultServer> StartAsync(X509Certificate2? certificate, VaultServerOptions? options = null)
    {
        var server = new VaultServer(options ?? new(), certificate);
        await server.ComeBackAsync();
        return server;
    }

    /// <summary>Requests in flight are aborted, and nothing listens any more; what is stored stays.</summary>
    public async Task StopAsync()
    {
        if (kestrel is not null)
            await kestrel.DisposeAsync();
        kestrel = null;
    }

    /// <summary>Where it was before.</summary>
    public async Task ComeBackAsync()
    {
        kestrel = await LoopbackKestrel.StartAsync(
            Faults.AnswerAsync,
            listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate);
            },
            Port);
        Port = kestrel.Port;
    }

    /// <summary>Revokes every token but the operator's, as a restart or an operator does.</summary>
    public async Task RevokeTokensAsync()
    {
        await one.WaitAsync();
        tokens.RevokeAll(token => !token.IsRoot);
        one.Release();
    }

    /// <summary>The token has no use left.</summary>
    public async Task UseUpAsync(string token)
    {
        await one.WaitAsync();
        while (tokens.Use(token) is not null)
        {
        }

        one.Release();
    }

    /// <summary>How many requests of that method went to a path that starts so.</summary>
    public int Count(string method, string path) =>
        Received.Count(request => request.Method == method && request.Path.StartsWith(path, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        one.Dispose();
    }

    private void AddRoot(string token) => tokens.Add(new VaultToken(token, system.Root, ["root"]) { Issued = options.Clock.GetUtcNow() });

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? target : target[..mark];
        var (body, refused) = await VaultBody.ReadAsync(context, options.Dialect);
        if (path.Contains("/../", StringComparison.Ordinal))
            refused = new VaultReply(301) { Location = new Uri(new Uri("http://vault"), path).AbsolutePath };
        var reply = refused ?? await AnswerAsync(Understand(context, path, mark < 0 ? "" : target[mark..], body));
        await SendAsync(context, reply);
    }

    private VaultRequest Understand(HttpContext context, string path, string query, JsonObject? body)
    {
        var request = context.Request;
        var values = QueryHelpers.ParseQuery(query).ToDictionary(value => value.Key, value => value.Value.ToString(), StringComparer.Ordinal);
        var method = request.Method == "GET" && values.GetValueOrDefault("list") == "true" ? "LIST" : request.Method;
        var understood = new VaultRequest(
            method, Uri.UnescapeDataString(path["/v1/".Length..]), values, Header("X-Vault-Token"), Header("X-Vault-Namespace"), Header("X-Vault-Wrap-TTL"), body);
        Received.Enqueue(understood);
        return understood;

        string? Header(string name) => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;
    }

    private async Task<VaultReply> AnswerAsync(VaultRequest request)
    {
        await one.WaitAsync();
        try
        {
            if (seal.Answer(request, AddRoot) is { } answered)
                return answered;
            if (seal.IsSealed)
                return VaultReply.Error(503, "Vault is sealed");
            if (seal.IsElecting)
                return VaultReply.Error(500, "local node not active but active cluster node not found");
            if (options.Dialect == VaultDialect.Vault18 && request.Method == "PATCH")
                return VaultReply.NotFound with { Status = 405 };
            if (system.Find(request.Namespace) is not { } space)
                return VaultReply.Error(404, "namespace not found");
            var (inPath, path) = system.Split(request.Path);
            return await AnswerAsync(request with { Path = path }, inPath ?? space);
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<VaultReply> AnswerAsync(VaultRequest request, VaultNamespace space)
    {
        var parts = request.Path.Split('/', 3);
        if (parts is ["auth", var login, "login"] && space.Logins.TryGetValue(login, out var open))
            return await open.LoginAsync(request);
        if (request.Path == "sys/wrapping/unwrap")
            return tokens.Unwrap(request.Token);
        if (tokens.Use(request.Token) is not { } token)
            return request.Token is null && options.Dialect == VaultDialect.Vault18 ? VaultReply.Error(400, "missing client token") : VaultReply.TokenGone;
        if (!space.Allows(token, request) && !IsQuestionForMount(space, token, parts))
            return VaultReply.Denied;
        var reply = parts switch
        {
            ["auth", "token", _] => tokens.Answer(request, token),
            ["auth", var mount, var rest] when space.Logins.TryGetValue(mount, out var logins) => logins.Configure(request, rest),
            ["sys", ..] => system.Answer(request, space),
            [var mount, ..] when space.Mounts.TryGetValue(mount, out var engine) => engine.Answer(request, request.Path[(mount.Length + 1)..]),
            _ => VaultReply.Error(404, options.Dialect == VaultDialect.Vault18
                ? $"no handler for route '{request.Path}'" : $"no handler for route \"{request.Path}\". route entry not found."),
        };
        return request.WrapTtl is not null && reply.Status == 200 ? tokens.Wrap(reply, request, space) : reply;
    }

    // Open to every token that may reach something there.
    private static bool IsQuestionForMount(VaultNamespace space, VaultToken token, string[] parts) =>
        parts is ["sys", "internal", var rest] && rest.Split('/') is ["ui", "mounts", var mount, ..] && space.Reaches(token, mount);

    private Task AnswerErrorAsync(HttpContext context, int status) => SendAsync(context, status switch
    {
        StatusCodes.Status403Forbidden => VaultReply.Denied,
        StatusCodes.Status429TooManyRequests => VaultReply.Error(status, "request path: rate limit quota exceeded"),
        _ => VaultReply.Error(status, "Vault is sealed"),
    });

    private async Task SendAsync(HttpContext context, VaultReply reply)
    {
        context.Response.StatusCode = reply.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (reply.Location is { } location)
            context.Response.Headers.Location = location;
        if (options.Dialect == VaultDialect.OpenBao26 && context.Request.Headers.TryGetValue("X-Vault-Namespace", out var name))
            context.Response.Headers["X-Vault-Namespace"] = name;
        if (reply.Body is { } body)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
        }
    }
}
