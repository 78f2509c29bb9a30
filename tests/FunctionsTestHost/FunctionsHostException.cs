namespace FunctionsTestHost;

/// <summary>The worker can't be used. The message says what it did or didn't do, and ends with what it has written.</summary>
public sealed class FunctionsHostException(string message, string output, Exception? inner = null)
    : Exception(output.Length == 0 ? $"{message} It has written nothing." : $"{message} It has written:\n{output}", inner)
{
    /// <summary>The last lines of the worker's output, error output and log.</summary>
    public string Output { get; } = output;
}
