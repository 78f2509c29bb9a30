using System.Runtime.InteropServices;

namespace MtlsFunctions;

/// <summary>
/// A thread for one piece of hard work, below everything else on the machine: a thread of the pool would be missing to all accounts,
/// and at the usual priority it would take half of a single core from requests that take microseconds.
/// </summary>
internal static class LowPriorityThread
{
    // nice(2): a tenth of the core's share where the rest is busy, all of it where nothing else is to do.
    private const int Niceness = 10;
    private const int OfThread = 0;
    private const int ThisThread = 0;

    /// <exception cref="Exception">Whatever <paramref name="work"/> throws.</exception>
    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                Lower();
                done.SetResult(work());
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        })
        { IsBackground = true, Name = "key derivation", Priority = ThreadPriority.Lowest }.Start();
        return done.Task;
    }

    /// <summary>The calling thread goes below everything else. It can't be taken back, so the thread has to end with its work.</summary>
    public static void Lower()
    {
        // .NET's priorities do nothing on Linux, where a thread's own niceness does.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(OfThread, ThisThread, Niceness);
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int priority);
}
