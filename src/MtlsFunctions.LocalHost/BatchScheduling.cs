using System.Runtime.InteropServices;

namespace MtlsFunctions.LocalHost;

/// <summary>
/// Asks Linux for SCHED_BATCH (sched(7)): a thread that wakes up doesn't interrupt the one that works. .NET has one thread that waits
/// for all sockets; on a busy core it otherwise interrupts the threads that serve requests for every packet that comes.
/// docs/performance.md has the numbers.
/// </summary>
internal static class BatchScheduling
{
    // sched.h
    private const int Batch = 3;
    private const int ThisThread = 0;

    /// <summary>For the calling thread and all that it starts from here on; anybody may ask. Where it is refused, nothing changes.</summary>
    public static void Ask()
    {
        if (OperatingSystem.IsLinux())
            _ = SetScheduler(ThisThread, Batch, priority: 0);
    }

    // Its third argument is a structure with one number, the priority.
    [DllImport("libc", EntryPoint = "sched_setscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetScheduler(int thread, int policy, in int priority);
}
