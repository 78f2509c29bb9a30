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
    private readonly List<(string Name, HttpContent Content, string? FileName)> parts = [];
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
        parts.Add((part, new ByteArrayContent(System.IO.File.ReadAllBytes(path)), Path.GetFileName(path)));
        arguments.Add($"-F {Quote($"{part}=@{path}")}");
        return this;
    }

    /// <param name="variable">The shell variable that is shown instead of the value.</param>
    public Step Part(string part, string value, string variable)
    {
        parts.Add((part, new StringContent(value), null));
        arguments.Add($"-F \"{part}=${variable}\"");
        return this;
    }

    public Step Json(string part, JsonNode value)
    {
        parts.Add((part, new StringContent(value.ToJsonString(), Encoding.UTF8, "application/json"), null));
        arguments.Add($"-F {Quote($"{part}={value.ToJsonString()};type=application/json")}");
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
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (parts.Count == 0)
            return request;
        var form = new MultipartFormDataContent();
        foreach (var (name, content, fileName) in parts)
        {
            if (fileName is null)
                form.Add(content, name);
            else
                form.Add(content, name, fileName);
        }

        request.Content = form;
        return request;
    }

    public string ToCurl(string bearerVariable) =>
        string.Join(" \\\n    ", [$"curl -sS -X {method} {Quote(url)}", $"-H \"Authorization: Bearer ${bearerVariable}\"", .. arguments]);

    // For POSIX shells: nothing inside single quotes means anything but the quote itself.
    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
