using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace MtlsFunctions.LocalHost.Walkthrough;

/// <summary>One request in two forms that can't differ: as it is sent, and as the curl command that is shown.</summary>
public sealed class Step
{
    private readonly HttpMethod method;
    private readonly string url;
    private readonly List<(string Name, string Value)> headers = [];
    private readonly List<string> arguments = [];
    private readonly List<HttpContent> parts = [];
    private string? body;

    private Step(HttpMethod method, string url) => (this.method, this.url) = (method, url);

    public static Step Get(string url) => new(HttpMethod.Get, url);

    public static Step Post(string url) => new(HttpMethod.Post, url);

    public Step Header(string name, string value)
    {
        headers.Add((name, value));
        arguments.Add($"-H {Quote($"{name}: {value}")}");
        return this;
    }

    public Step File(string part, string path)
    {
        var content = new ByteArrayContent(System.IO.File.ReadAllBytes(path));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        AddPart(content, part, Path.GetFileName(path));
        // Inside double quotes curl knows two characters, and the shell none of them inside single ones.
        var named = path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        arguments.Add($"-F {Quote($"{part}=@\"{named}\"")}");
        return this;
    }

    /// <param name="variable">The shell variable that is shown instead of the value.</param>
    public Step Part(string part, string value, string variable)
    {
        AddPart(new ByteArrayContent(Encoding.UTF8.GetBytes(value)), part);
        // Unlike -F it takes the text as it is, with semicolons, quotes and backslashes.
        arguments.Add($"--form-string \"{part}=${variable}\"");
        return this;
    }

    public Step Json(string part, JsonNode value)
    {
        AddPart(new ByteArrayContent(Encoding.UTF8.GetBytes(value.ToJsonString())), part);
        arguments.Add($"--form-string {Quote($"{part}={value.ToJsonString()}")}");
        return this;
    }

    public Step Body(JsonNode value)
    {
        body = value.ToJsonString();
        arguments.Add($"-H 'Content-Type: application/json' --data {Quote(body)}");
        return this;
    }

    public HttpRequestMessage ToRequest(string bearer)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        if (parts.Count == 0)
            return request;
        var form = new MultipartFormDataContent();
        foreach (var part in parts)
            form.Add(part);
        request.Content = form;
        return request;
    }

    public string ToCurl(string bearerVariable) =>
        string.Join(" \\\n    ", [$"curl -sS -X {method} {Quote(url)}", $"-H \"Authorization: Bearer ${bearerVariable}\"", .. arguments]);

    // With the quotes that curl writes.
    private void AddPart(HttpContent content, string name, string? fileName = null)
    {
        content.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
        {
            Name = $"\"{name}\"",
            FileName = fileName is null ? null : $"\"{fileName}\"",
        };
        parts.Add(content);
    }

    /// <summary>For POSIX shells: nothing inside single quotes means anything but the quote itself.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
