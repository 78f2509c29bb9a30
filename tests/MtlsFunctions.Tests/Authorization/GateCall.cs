using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Tests.Authorization;

/// <summary>A gate with real credentials behind it, and what it logs.</summary>
public sealed class GateCall(Verifier verifier)
{
    public List<(LogLevel Level, Exception? Fault)> Logged { get; } = [];

    public DefaultHttpContext Context { get; } = new() { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };

    public GateCall WithToken()
    {
        Context.Request.Headers.Authorization = $"Bearer {verifier.Token("MTLS_READ_INTERNAL")}";
        return this;
    }

    /// <returns>What was answered; no body is null.</returns>
    public async Task<(int Status, IHeaderDictionary Headers, JsonNode? Body)> AdmitAsync(
        Func<Caller, Task<IResult>> handle, CancellationToken cancellation, string? account = Verifier.Account, Permission anyOf = Permission.Read)
    {
        using var throttle = new Throttle(Options.Create(new ThrottleOptions()));
        using var events = new SecurityEvents((_, _, _) => Task.CompletedTask, throttle, NullLogger<SecurityEvents>.Instance);
        var gate = new Gate(
            new Credentials(verifier.Tokens, verifier.NoAppKeys), throttle, new RequestsUnderWay(Options.Create(new GatewayLimits())), (_, _, _) => Task.CompletedTask, events, verifier.Metrics, new ListLogger(Logged));
        var result = await gate.AdmitAsync(Context.Request, account, anyOf, cancellation, handle);
        var body = new MemoryStream();
        Context.Response.Body = body;
        Context.RequestAborted = CancellationToken.None;
        await result.ExecuteAsync(Context);
        return (Context.Response.StatusCode, Context.Response.Headers, body.Length == 0 ? null : JsonNode.Parse(body.ToArray()));
    }

    private sealed class ListLogger(List<(LogLevel, Exception?)> lines) : ILogger<Gate>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add((logLevel, exception));
    }
}
