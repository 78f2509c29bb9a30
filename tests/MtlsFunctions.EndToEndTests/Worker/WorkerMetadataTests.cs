using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using MtlsFunctions.LocalHost;

namespace MtlsFunctions.EndToEndTests.Worker;

/// <summary>What the shipped worker says of itself is what LocalHost serves; neither is made from the other.</summary>
[Collection(WorkerTests.Name)]
public sealed class WorkerMetadataTests(WorkerFixture worker)
{
    [Fact]
    public void Every_function_has_the_route_methods_and_level_that_LocalHost_serves()
    {
        var served = FunctionEndpoints.All.Select(function => Line(function.Name, function.Route.TrimStart('/'), function.Methods, $"{LevelOf(function.Method)}"));
        var listed = worker.Host.Functions.Select(function => Line(function.Name, function.Route, function.Methods, function.AuthorizationLevel));

        Assert.NotEmpty(served);
        Assert.Equal(served.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_function_has_one_trigger_and_answers_over_HTTP() => Assert.All(worker.Host.Functions, function =>
    {
        Assert.Equal(["httpTrigger", "http"], function.Bindings.Select(binding => (string)binding["type"]!));
        Assert.NotNull(function.HttpTrigger);
    });

    private static string Line(string name, string route, IEnumerable<string> methods, string? level) => $"{name} {route} {string.Join(',', methods.Order())} {level}";

    private static AuthorizationLevel LevelOf(MethodInfo method) =>
        method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).Single(found => found is not null)!.AuthLevel;
}
