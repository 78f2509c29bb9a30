using Azure;

namespace MtlsFunctions.Storage;

/// <summary>The SDK reports an outage in three shapes, depending on where it struck and how often it was tried; here it becomes one.</summary>
internal static class TableCalls
{
    /// <exception cref="DependencyUnavailableException">The table service can't be reached.</exception>
    public static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested && IsOutage(fault))
        {
            throw new DependencyUnavailableException(FailureKind.StorageUnavailable, fault);
        }
        catch (AggregateException fault)
        {
            // Given up in the middle of a retry.
            throw new OperationCanceledException(null, fault, cancellation);
        }
    }

    private static bool IsOutage(Exception fault) => fault switch
    {
        RequestFailedException { Status: StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict or StatusCodes.Status412PreconditionFailed } => false,
        RequestFailedException or AggregateException or OperationCanceledException => true,
        _ => false,
    };
}
