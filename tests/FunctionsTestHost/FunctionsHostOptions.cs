namespace FunctionsTestHost;

/// <summary>What to start and how long to wait for it.</summary>
public sealed class FunctionsHostOptions
{
    /// <summary>The published app: the folder with <c>worker.config.json</c> and <c>host.json</c>.</summary>
    public required string AppDirectory { get; init; }

    /// <summary>Settings of the app, as environment variables beside those of this process: <c>Section__Key</c>.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Longest time from the start of the process until every function is loaded. Default 60 seconds.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the worker has to end after it was told to; then it is killed. Default 30 seconds.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest request body in bytes. Default 104,857,600, as on the platform; what is larger is answered 500 there, and here.</summary>
    public long MaxRequestBodyBytes { get; init; } = 104_857_600;

    /// <summary>Address to listen on. Default: a free port of 127.0.0.1.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";
}
