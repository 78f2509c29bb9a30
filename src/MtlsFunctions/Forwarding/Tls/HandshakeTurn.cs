using System.Runtime.CompilerServices;
using MtlsFunctions.Connections;

namespace MtlsFunctions.Forwarding.Tls;

/// <summary>
/// Whoever awaits this goes on on one of <paramref name="threads"/>, always: a task that has been completed by then would let it go on where
/// it is. Or on the thread that cancels, with <see cref="OperationCanceledException"/>.
/// </summary>
internal sealed class HandshakeTurn(FairThreads threads, string owner, CancellationToken cancellation) : ICriticalNotifyCompletion
{
    private Action? next;
    private bool isRefused;
    private CancellationTokenRegistration leaving;

    public bool IsCompleted => false;

    public HandshakeTurn GetAwaiter() => this;

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        next = continuation;
        leaving = cancellation.UnsafeRegister(static turn => ((HandshakeTurn)turn!).GoOn(), this);
        if (threads.TryRun(owner, GoOn))
            return;
        isRefused = true;
        GoOn();
    }

    /// <exception cref="IOException">Too many wait already.</exception>
    public void GetResult()
    {
        leaving.Unregister();
        cancellation.ThrowIfCancellationRequested();
        if (isRefused)
            throw new IOException("Too many handshakes of this account wait already.");
    }

    // Once, whether it is its turn or is cancelled.
    private void GoOn() => Interlocked.Exchange(ref next, null)?.Invoke();
}
