using System.Diagnostics;
using System.Text;

namespace MtlsFunctions.Shared.RealServers;

/// <summary>What a process writes to standard output and standard error, in the order in which it arrived.</summary>
internal sealed class ProcessOutput
{
    private readonly StringBuilder text = new();

    public ProcessOutput(Process process)
    {
        process.OutputDataReceived += Add;
        process.ErrorDataReceived += Add;
    }

    public string Text
    {
        get
        {
            lock (text)
                return text.ToString();
        }
    }

    private void Add(object sender, DataReceivedEventArgs line)
    {
        // Null marks the end of a stream.
        if (line.Data is null)
            return;
        lock (text)
            text.AppendLine(line.Data);
    }
}
