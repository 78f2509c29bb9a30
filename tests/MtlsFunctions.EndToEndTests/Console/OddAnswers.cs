using Microsoft.AspNetCore.Http;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>What a console has to show, too: by the path that is asked for.</summary>
public static class OddAnswers
{
    public static Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        switch (context.Request.Path.Value)
        {
            case "/big":
                response.ContentType = "text/plain";
                return response.WriteAsync(new string('x', 300 * 1024), context.RequestAborted);
            case "/picture":
                response.ContentType = "image/png";
                return response.Body.WriteAsync(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 0xff }, context.RequestAborted).AsTask();
            case "/elsewhere":
                response.Redirect("https://elsewhere.example/");
                return Task.CompletedTask;
            case "/unauthorized":
                // What the gateway says when a session has ended, from somebody else.
                response.StatusCode = StatusCodes.Status401Unauthorized;
                response.ContentType = "application/problem+json";
                return response.WriteAsync("""{"type":"urn:mtlsfunctions:problem:unauthorized","title":"Not with me"}""", context.RequestAborted);
            default:
                return response.WriteAsync("odd", context.RequestAborted);
        }
    }
}
