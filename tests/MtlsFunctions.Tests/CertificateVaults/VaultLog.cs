using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MtlsFunctions.Tests.CertificateVaults;

/// <summary>Keeps what a vault logs, with the exceptions, and shows it beside a test that fails.</summary>
public sealed class VaultLog<T> : ILogger<T>
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = $"{logLevel}: {formatter(state, exception)} {exception}";
        Lines.Enqueue(line);
        TestContext.Current.TestOutputHelper?.WriteLine(line);
    }
}
