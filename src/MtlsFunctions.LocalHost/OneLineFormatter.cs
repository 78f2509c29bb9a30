using System.Buffers;
using Utf8StringInterpolation;
using ZLogger;

namespace MtlsFunctions.LocalHost;

/// <summary>One line for each entry of the log, as .NET's console logger writes it: <c>info: Category[0] Message</c>.</summary>
internal sealed class OneLineFormatter : IZLoggerFormatter
{
    public bool WithLineBreak => true;

    public void FormatLogEntry(IBufferWriter<byte> writer, IZLoggerEntry entry)
    {
        var info = entry.LogInfo;
        var line = new OneLine(writer);
        line.Write(Prefix(info.LogLevel));
        Utf8String.Format(line, $"{info.Category.Name}[{info.EventId.Id}] ");
        entry.ToString(line);
        if (info.Exception is { } fault)
            Utf8String.Format(line, $" {fault}");
    }

    private static ReadOnlySpan<byte> Prefix(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce: "u8,
        LogLevel.Debug => "dbug: "u8,
        LogLevel.Information => "info: "u8,
        LogLevel.Warning => "warn: "u8,
        LogLevel.Error => "fail: "u8,
        _ => "crit: "u8,
    };

    /// <summary>Whatever would begin another line, or move a terminal's cursor, is a space: nobody can write an entry that isn't ours.</summary>
    private sealed class OneLine(IBufferWriter<byte> inner) : IBufferWriter<byte>
    {
        private static readonly SearchValues<byte> Control = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(each => (byte)each), 0x7F]);

        private Memory<byte> lent;

        public Memory<byte> GetMemory(int sizeHint = 0) => lent = inner.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public void Advance(int count)
        {
            lent.Span[..count].ReplaceAny(Control, (byte)' ');
            inner.Advance(count);
        }
    }
}
