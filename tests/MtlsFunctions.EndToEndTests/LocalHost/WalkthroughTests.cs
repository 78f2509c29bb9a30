using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using MtlsFunctions.LocalHost;
using MtlsFunctions.LocalHost.Walkthrough;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.LocalHost;

/// <summary>What the walkthrough shows is what it sends: the real curl says so, for every step.</summary>
public sealed partial class WalkthroughTests : IDisposable
{
    // What each client says of itself and of its connection.
    private static readonly string[] OfTheClient = ["Accept", "Connection", "Content-Length", "Expect", "Host", "traceparent", "User-Agent"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mtlsfunctions-test-");
    private readonly ConcurrentQueue<string> received = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("client.p12", "changeit")]
    [InlineData("a client; its, 'own'.p12", "it's;type=text/html \"quoted\" \\ back$slash `date` %41 ü€")]
    [InlineData("client.p12", "@/etc/hostname")]
    [InlineData("client.p12", "<\"")]
    public async Task Each_printed_command_sends_what_was_sent(string file, string password)
    {
        await using var server = await LoopbackKestrel.StartAsync(AnswerAsync);
        var path = Path.Combine(folder.FullName, file);
        await File.WriteAllBytesAsync(path, [0, 13, 10, 45, 45, 255], Cancellation);
        var account = new SessionAccount("demo", "token'with-quote", path, password, "user", "password", "id", "secret");
        var session = new Session($"http://127.0.0.1:{server.Port}", "https://127.0.0.1:1", new Dictionary<string, SessionAccount> { ["demo"] = account });
        var output = new StringWriter();

        await Onboarding.RunAsync(session, output, Cancellation);

        var sent = Taken();
        var commands = Command().Matches(output.ToString()).Select(found => found.Value).ToArray();
        var exports = string.Concat(output.ToString().Split('\n').Where(line => line.StartsWith("export ", StringComparison.Ordinal)).Select(line => line + "\n"));
        Assert.Equal(8, sent.Length);
        Assert.Equal(sent.Length, commands.Length);
        for (var at = 0; at < commands.Length; at++)
        {
            await RunAsync(exports + commands[at]);
            Assert.Equal(sent[at], Assert.Single(Taken()));
        }
    }

    private string[] Taken()
    {
        string[] taken = [.. received];
        received.Clear();
        return taken;
    }

    // Enough of the gateway for the walkthrough to go on.
    private async Task AnswerAsync(HttpContext context)
    {
        received.Enqueue(await DescribeAsync(context.Request));
        var path = context.Request.GetEncodedPathAndQuery();
        context.Response.StatusCode = path.EndsWith("by-file", StringComparison.Ordinal) || path.Contains("ac-common", StringComparison.Ordinal) ? 201 : 200;
        await context.Response.WriteAsync(path switch
        {
            _ when path.EndsWith("by-file", StringComparison.Ordinal) => """{"successfulySavedCertificates":[{"id":4711,"thumbprint":"ab"}]}""",
            _ when path.EndsWith("v=2", StringComparison.Ordinal) || path.Contains("checks", StringComparison.Ordinal) => "[{}]",
            _ => "{}",
        });
    }

    private static async Task<string> DescribeAsync(HttpRequest request)
    {
        var text = new StringBuilder().AppendLine($"{request.Method} {request.GetEncodedPathAndQuery()}");
        foreach (var header in request.Headers.Where(header => !OfTheClient.Contains(header.Key, StringComparer.OrdinalIgnoreCase)).OrderBy(header => header.Key))
            text.AppendLine($"{header.Key}: {Boundary().Replace(header.Value.ToString(), "boundary")}");
        if (!request.HasFormContentType)
            return text.AppendLine(await new StreamReader(request.Body).ReadToEndAsync(Cancellation)).ToString();
        var reader = new MultipartReader(Boundary().Match(request.ContentType!).Groups["value"].Value, request.Body);
        while (await reader.ReadNextSectionAsync(Cancellation) is { } section)
        {
            foreach (var header in section.Headers!.OrderBy(header => header.Key))
                text.AppendLine($"  {header.Key}: {header.Value}");
            using var body = new MemoryStream();
            await section.Body.CopyToAsync(body, Cancellation);
            text.AppendLine($"  {Convert.ToHexString(body.ToArray())}");
        }

        return text.ToString();
    }

    private static async Task RunAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", script }, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(Cancellation), shell.StandardError.ReadToEndAsync(Cancellation));
        await shell.WaitForExitAsync(Cancellation);
        Assert.True(shell.ExitCode == 0, $"{script}\n{await output}{await errors}");
    }

    [GeneratedRegex(@"^curl (?:.*\\\n)*.*$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex("""boundary="?(?<value>[^"]+)"?""")]
    private static partial Regex Boundary();
}
