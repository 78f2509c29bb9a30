using System.Reflection;
using MtlsFunctions.EndToEndTests.Authorization;
using MtlsFunctions.Forwarding;
using MtlsFunctions.LocalHost;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>docs/openapi.yaml by itself, and against the code.</summary>
public sealed class DocumentTests : IAsyncLifetime
{
    private ApiDocument document = null!;

    public async ValueTask InitializeAsync() => document = await ApiDocument.ServedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void It_is_OpenAPI_3_1_and_the_library_has_nothing_against_it()
    {
        Assert.StartsWith("openapi: 3.1.", document.Text.Split('\n').First(line => !line.StartsWith('#')), StringComparison.Ordinal);
        Assert.Empty(document.Diagnostic.Errors.Concat(document.Diagnostic.Warnings).Select(fault => $"{fault.Pointer}: {fault.Message}"));
    }

    [Fact]
    public void Every_function_with_its_methods_is_in_it_and_nothing_else() => Assert.Equal(
        FunctionEndpoints.All.SelectMany(function => function.Methods.Where(method => !IsImplied(function, method)).Select(method =>
            $"{function.Name}: {method.ToUpperInvariant()} {ApiOperation.ShapeOf(function.Route)}")).Order(),
        document.Operations.Select(operation => $"{FunctionOf(operation)}: {operation.Method} {operation.Shape}").Order());

    [Fact]
    public void Methods_that_anybody_may_call_are_exactly_the_open_functions() => Assert.Equal(
        EveryFunction.Open.Order(), document.Operations.Where(operation => operation.IsOpen).Select(FunctionOf).Order());

    [Fact]
    public void Every_problem_is_in_it_as_the_code_answers_it() => Assert.Equal(
        Problems.All.Values.Select(problem => (problem.Name, problem.Type, problem.Status, problem.Title)).Order(),
        document.Problems.Select(example => (example.Key, example.Value!["value"]!)).Select(example =>
            (example.Key, (string)example.Item2["type"]!, (int)example.Item2["status"]!, (string)example.Item2["title"]!)).Order());

    [Fact]
    public void Every_problem_is_listed_by_a_method_under_its_own_status()
    {
        var listed = document.Operations.SelectMany(operation => operation.Problems).Distinct().ToArray();

        Assert.Equal(document.Problems.Select(example => ($"{example.Value!["value"]!["status"]}", example.Key)).Order(), listed.Order());
    }

    [Fact]
    public void Every_transport_code_is_in_it() => Assert.Equal(
        typeof(TransportError).GetFields(BindingFlags.Public | BindingFlags.Static).Select(code => (string)code.GetRawConstantValue()!).Order(),
        document.Root["components"]!["headers"]!["LP-error-from-transport"]!["schema"]!["enum"]!.AsArray().Select(code => (string)code!).Order());

    [Fact]
    public async Task Every_example_is_valid_for_its_own_schema()
    {
        var examples = Examples.In(document).ToArray();
        Assert.NotEmpty(examples);

        var faults = new List<string>();
        foreach (var (place, name, schema, value) in examples)
            faults.AddRange((await document.Validator.FaultsAsync(schema, value, closed: true)).Select(fault => $"{place} {name}: {fault}"));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Every_parameter_has_an_example_and_every_JSON_body_too() =>
        Assert.Equal([], Examples.Wanted(document).Except(Examples.In(document).Select(example => example.Place)));

    [Fact]
    public void Schemas_use_only_keywords_that_are_validated() =>
        Assert.Empty(Examples.Schemas(document).SelectMany(schema => schema.Select(keyword => keyword.Key)).Distinct().Except(ApiSchemas.Known));

    // HEAD of what GET gets is HTTP's own (RFC 9110, section 9.3.2); through Forward it is a method like any other.
    private static bool IsImplied(FunctionEndpoint function, string method) =>
        method == "head" && function.Methods.Contains("get") && function.Name != nameof(Forward);

    // Forward has an id for each of its methods.
    private static string FunctionOf(ApiOperation operation) =>
        operation.Id.StartsWith("Forward", StringComparison.Ordinal) && operation.Id.EndsWith(operation.Method, StringComparison.OrdinalIgnoreCase)
            ? nameof(Forward)
            : operation.Id;
}
