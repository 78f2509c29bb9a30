using Microsoft.AspNetCore.Http;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>What happens to a request in place of its answer.</summary>
/// <param name="next">The server's own answer.</param>
public delegate Task VaultScript(HttpContext context, Func<Task> next);

/// <summary>For <see cref="VaultServer.Script"/>: misfortunes of chosen requests. Those of all requests alike are <see cref="VaultFaults"/>.</summary>
public static class VaultScripts
{
    /// <summary>Only the first requests that <paramref name="which"/> picks meet it.</summary>
    public static VaultScript Only(int times, Func<HttpRequest, bool> which, VaultScript script)
    {
        var left = times;
        return (context, next) => which(context.Request) && Interlocked.Decrement(ref left) >= 0 ? script(context, next) : next();
    }

    /// <summary>An answer of a server that refuses.</summary>
    public static VaultScript Answer(int status, string error = "made to fail by a test") => (context, _) =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { errors = new[] { error } }, context.RequestAborted);
    };

    /// <summary>The work is done, and the connection breaks before its answer.</summary>
    public static async Task LoseAnswer(HttpContext context, Func<Task> next)
    {
        context.Response.Body = Stream.Null;
        await next();
        context.Abort();
    }

    /// <summary>The work waits for this.</summary>
    public static VaultScript WaitFor(Task gate) => async (context, next) =>
    {
        await gate.WaitAsync(context.RequestAborted);
        await next();
    };
}
