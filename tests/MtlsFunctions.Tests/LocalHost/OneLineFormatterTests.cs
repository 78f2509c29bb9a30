using System.Text;
using Microsoft.Extensions.Logging;
using MtlsFunctions.LocalHost;
using ZLogger;

namespace MtlsFunctions.Tests.LocalHost;

public sealed partial class OneLineFormatterTests
{
    [Theory]
    [InlineData(LogLevel.Trace, "trce")]
    [InlineData(LogLevel.Debug, "dbug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "fail")]
    [InlineData(LogLevel.Critical, "crit")]
    public void An_entry_is_written_as_the_console_logger_does(LogLevel level, string name) =>
        Assert.Equal($"{name}: Some.Category[7] city=Zürich cores=2\n", Written(log => Log(log, level, "Zürich", 2)));

    [Fact]
    public void What_would_begin_another_line_or_move_the_cursor_is_a_space() =>
        Assert.Equal(
            "info: Some.Category[7] city= info: Forged[0]   [2J  cores=1\n",
            Written(log => Log(log, LogLevel.Information, "\ninfo: Forged[0]\r\n\u001b[2J\u007f", 1)));

    [Fact]
    public void An_exception_stands_on_the_line_of_its_entry()
    {
        var written = Written(log => LogFault(log, new InvalidOperationException("outside", new ArgumentException("inside"))));
        Assert.StartsWith("fail: Some.Category[8] It failed System.InvalidOperationException: outside", written, StringComparison.Ordinal);
        Assert.Contains("inside", written, StringComparison.Ordinal);
        Assert.Equal(written.Length - 1, written.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_entry_is_written_whole()
    {
        var text = string.Concat(Enumerable.Repeat("ä\n", 100_000));
        Assert.Equal($"info: Some.Category[7] city={text.Replace('\n', ' ')} cores=1\n", Written(log => Log(log, LogLevel.Information, text, 1)));
    }

    private static string Written(Action<ILogger> write)
    {
        using var stream = new MemoryStream();
        // Disposing it writes what is left.
        using (var factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace)
            .AddZLoggerStream(stream, options => options.UseFormatter(() => new OneLineFormatter()))))
            write(factory.CreateLogger("Some.Category"));
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [LoggerMessage(EventId = 7, Message = "city={City} cores={Cores}")]
    private static partial void Log(ILogger log, LogLevel level, string city, int cores);

    [LoggerMessage(EventId = 8, Level = LogLevel.Error, Message = "It failed")]
    private static partial void LogFault(ILogger log, Exception fault);
}
