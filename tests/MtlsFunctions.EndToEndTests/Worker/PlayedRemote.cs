using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>What a remote endpoint may answer, one path each.</summary>
public static class PlayedRemote
{
    public static async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        switch (context.Request.Path.Value)
        {
            case "/cookies":
                response.Headers.SetCookie = new(["a=1; Path=/; HttpOnly", "b=2, 3; Secure", "c="]);
                await response.WriteAsync("three");
                break;
            case "/204":
                response.StatusCode = 204;
                break;
            case "/304":
                response.StatusCode = 304;
                response.Headers.ETag = "\"v1\"";
                break;
            case "/redirect":
                response.StatusCode = 302;
                response.Headers.Location = "https://elsewhere.example/?a=%20b";
                break;
            case "/reason":
                response.StatusCode = 418;
                context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = "Short and Stout";
                await response.WriteAsync("teapot");
                break;
            case "/gzip":
                response.Headers.ContentEncoding = "gzip";
                await using (var gzip = new GZipStream(response.Body, CompressionLevel.Fastest))
                    await gzip.WriteAsync(Encoding.UTF8.GetBytes(new string('a', 5000)));
                break;
            case "/401":
                response.StatusCode = 401;
                response.Headers.WWWAuthenticate = new(["Basic realm=\"remote\"", "Bearer"]);
                break;
            case "/500":
                response.StatusCode = 500;
                response.ContentType = "application/json";
                await response.WriteAsync("{\"oops\":true}");
                break;
            case "/breaks":
                response.ContentLength = 100;
                await response.WriteAsync("the first part");
                await response.Body.FlushAsync();
                context.Abort();
                break;
            case "/refuses":
                context.Abort();
                break;
            default:
                response.ContentType = "text/plain; charset=utf-8";
                response.Headers["X-Remote"] = new(["one", "two"]);
                await response.WriteAsync($"{context.Request.Method} {context.Request.QueryString}");
                break;
        }
    }
}
