using Microsoft.AspNetCore.Http;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>For <see cref="VaultServer.Interfere"/>.</summary>
public static class VaultFaults
{
    /// <summary>Every request gets this status and an error, as long as <paramref name="times"/> last.</summary>
    /// <param name="retryAfter">Seconds, in the header of that name.</param>
    public static Func<HttpContext, Func<Task>, Task> Answer(int status, int times = int.MaxValue, int? retryAfter = null)
    {
        var left = times;
        return async (context, next) =>
        {
            if (Interlocked.Decrement(ref left) < 0)
            {
                await next();
                return;
            }

            context.Response.StatusCode = status;
            if (retryAfter is { } seconds)
                context.Response.Headers.RetryAfter = $"{seconds}";
            await context.Response.WriteAsJsonAsync(new { errors = new[] { "made to fail by a test" } }, context.RequestAborted);
        };
    }

    /// <summary>The work is done, and the connection breaks before its answer, for the requests that <paramref name="which"/> picks.</summary>
    public static Func<HttpContext, Func<Task>, Task> LoseAnswer(Func<HttpRequest, bool> which, int times = 1)
    {
        var left = times;
        return async (context, next) =>
        {
            if (!which(context.Request) || Interlocked.Decrement(ref left) < 0)
            {
                await next();
                return;
            }

            context.Response.Body = Stream.Null;
            await next();
            context.Abort();
        };
    }

    /// <summary>Takes requests and never answers.</summary>
    public static Task Hang(HttpContext context, Func<Task> next) => Task.Delay(Timeout.Infinite, context.RequestAborted);
}
