namespace MtlsFunctions.EndToEndTests.Forwarding.Wire;

/// <summary>Something that one side of a test waits for and the other tells.</summary>
internal static class Signal
{
    public static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One that tells what was seen.</summary>
    public static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
