using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>
/// A file of requests as the REST clients of VS Code and Visual Studio read it, as far as docs/requests.http goes: variables, named
/// requests whose answers can be referred to, and files inside bodies.
/// </summary>
public sealed partial class HttpFile
{
    private readonly Dictionary<string, string> variables = [];
    private readonly Dictionary<string, Answer> answers = [];

    private HttpFile(string text)
    {
        foreach (Match variable in Variable().Matches(text))
            variables[variable.Groups["name"].Value] = variable.Groups["value"].Value;
        Requests = [.. Separator().Split(text).Select(HttpFileRequest.Parse).OfType<HttpFileRequest>()];
    }

    public IReadOnlyList<HttpFileRequest> Requests { get; }

    public static HttpFile Parse(string text) => new(text.ReplaceLineEndings("\n"));

    /// <summary>Gives variables that the file has other values.</summary>
    /// <returns>Names that the file doesn't have.</returns>
    public IReadOnlyList<string> Set(IEnumerable<KeyValuePair<string, string>> values)
    {
        var unknown = new List<string>();
        foreach (var (name, value) in values)
        {
            if (variables.ContainsKey(name))
                variables[name] = value;
            else
                unknown.Add(name);
        }

        return unknown;
    }

    public HttpRequestMessage ToMessage(HttpFileRequest request)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), Fill(request.Url));
        if (request.Body.Count > 0)
            message.Content = new ByteArrayContent(Body(request));
        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, Fill(value)))
                message.Content!.Headers.TryAddWithoutValidation(name, Fill(value));
        }

        return message;
    }

    /// <summary>Later requests may refer to it.</summary>
    public void Remember(HttpFileRequest request, Answer answer)
    {
        if (request.Name is { } name)
            answers[name] = answer;
    }

    private byte[] Body(HttpFileRequest request)
    {
        // In a multipart body, lines end as MIME says.
        var lineEnd = request.Headers.Any(header => header.Value.StartsWith("multipart/", StringComparison.Ordinal)) ? "\r\n" : "\n";
        using var body = new MemoryStream();
        foreach (var (at, line) in request.Body.Index())
        {
            if (at > 0)
                body.Write(Encoding.UTF8.GetBytes(lineEnd));
            body.Write(line.StartsWith("< ", StringComparison.Ordinal) ? File.ReadAllBytes(Fill(line[2..])) : Encoding.UTF8.GetBytes(Fill(line)));
        }

        return body.ToArray();
    }

    private string Fill(string text) => Reference().Replace(text, found => Value(found.Groups["name"].Value));

    private string Value(string name) => name.Split('.', 4) switch
    {
        [var request, "response", "headers", var header] => answers[request].Header(header) ?? throw new KeyNotFoundException(name),
        [var request, "response", "body", var path] => $"{At(answers[request].Json, path)}",
        _ => Fill(variables[name]),
    };

    private static JsonNode At(JsonNode json, string path) =>
        Step().Matches(path).Aggregate(json, (at, step) =>
            (step.Groups["index"] is { Success: true, Value: var index } ? at[int.Parse(index, null)] : at[step.Groups["member"].Value]) ?? throw new KeyNotFoundException(path));

    [GeneratedRegex(@"^###.*\n", RegexOptions.Multiline)]
    private static partial Regex Separator();

    [GeneratedRegex(@"^@(?<name>\w+) = (?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\{\{(?<name>[^}]+)\}\}")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\[(?<index>\d+)\]|\.(?<member>\w+)")]
    private static partial Regex Step();
}
