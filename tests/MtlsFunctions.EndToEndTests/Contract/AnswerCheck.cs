using System.Globalization;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>Holds a real answer against the response that the document has for it.</summary>
public sealed class AnswerCheck(ApiDocument document)
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    private readonly ApiSchemas schemas = document.Validator;

    /// <returns>What is wrong, each as a line that names the method; nothing when all is as documented.</returns>
    public async Task<IReadOnlyList<string>> FaultsAsync(ApiOperation operation, string status, Answer answer)
    {
        var response = operation.Response(status)!;
        var faults = new List<string>();
        if (status != "default" && status != ((int)answer.Status).ToString(CultureInfo.InvariantCulture))
            faults.Add($"is {(int)answer.Status} instead of {status}: {answer.Text}");
        else
            faults.AddRange([.. await BodyFaultsAsync(operation, response, answer), .. await HeaderFaultsAsync(response, answer)]);
        return [.. faults.Select(fault => $"{operation}: {fault}")];
    }

    /// <returns>What is wrong with a request of which the method makes a success.</returns>
    public async Task<IReadOnlyList<string>> RequestFaultsAsync(ApiCall call)
    {
        if (call.Json is null)
            return [];
        if (call.Operation.RequestSchema(Json) is not { } schema)
            return [$"{call.Operation}: no JSON body is documented"];
        return [.. (await schemas.FaultsAsync(schema, call.Json, closed: true)).Select(fault => $"{call.Operation}, request: {fault}")];
    }

    private async Task<IReadOnlyList<string>> BodyFaultsAsync(ApiOperation operation, JsonObject response, Answer answer)
    {
        var type = answer.Header("Content-Type")?.Split(';')[0] ?? "";
        var content = response["content"]!.AsObject();
        if ((content[type] ?? content["*/*"]) is not { } media)
            return [$"the content type '{type}' is not documented"];
        if (operation.Method == "HEAD" || media["schema"] is not { } schema || type is not (Json or ProblemJson))
            return operation.Method == "HEAD" && answer.Body.Length > 0 ? ["HEAD has a body"] : [];
        return await schemas.FaultsAsync(schema, answer.Json, closed: true);
    }

    private async Task<IReadOnlyList<string>> HeaderFaultsAsync(JsonObject response, Answer answer)
    {
        var faults = new List<string>();
        foreach (var (name, reference) in response["headers"]?.AsObject() ?? [])
        {
            var header = document.Resolve(reference!);
            if (answer.Header(name) is { } value)
                faults.AddRange((await schemas.FaultsAsync(header["schema"]!, value, closed: true)).Select(fault => $"{name}: {fault}"));
            else if ((bool?)header["required"] == true)
                faults.Add($"the header {name} is missing");
        }

        return faults;
    }
}
