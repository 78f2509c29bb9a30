using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace MtlsFunctions.Tests.Conventions;

/// <summary>What lets the same function sources run under the Functions host and under Kestrel (docs/decisions.md, "Two hosts").</summary>
public sealed class FunctionConventionTests
{
    private static readonly string[] Methods = ["get", "post", "put", "delete", "patch", "head", "options"];

    // Every kind of method, so that one which the hosts would overlook is found here.
    private static readonly MethodInfo[] Functions =
    [
        .. from type in typeof(Gateway).Assembly.GetTypes()
           from method in type.GetMethods(
               BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
           where method.IsDefined(typeof(FunctionAttribute))
           select method,
    ];

    public static TheoryData<string> Names => [.. Functions.Select(NameOf)];

    [Fact]
    public void There_are_functions_and_each_name_and_class_occurs_once()
    {
        Assert.NotEmpty(Functions);
        Assert.Distinct(Functions.Select(NameOf), StringComparer.OrdinalIgnoreCase);
        Assert.Distinct(Functions.Select(function => function.DeclaringType));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_is_the_public_method_of_a_public_sealed_class_of_its_name(string name)
    {
        var function = Find(name);
        var type = function.DeclaringType!;

        Assert.True(type is { IsPublic: true, IsSealed: true, IsAbstract: false, IsGenericType: false }, $"{type} must be public and sealed.");
        Assert.True(function is { IsPublic: true, IsStatic: false, IsGenericMethod: false }, $"{type}.{function.Name} must be public and not static.");
        Assert.Equal(name, type.Name);
        Assert.Single(type.GetConstructors());
        Assert.Equal(typeof(Task<IResult>), function.ReturnType);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_takes_the_request_its_route_values_and_maybe_the_cancellation_and_nothing_else(string name)
    {
        var function = Find(name);
        var parameters = function.GetParameters();

        Assert.Single(parameters, parameter => parameter.ParameterType == typeof(HttpRequest));
        Assert.InRange(parameters.Count(parameter => parameter.ParameterType == typeof(CancellationToken)), 0, 1);
        var values = parameters
            .Where(parameter => parameter.ParameterType != typeof(HttpRequest) && parameter.ParameterType != typeof(CancellationToken))
            .Select(parameter => (parameter.Name!, parameter.ParameterType));
        var route = TemplateOf(function).Parameters.Select(parameter => (parameter.Key, parameter.Value == "long" ? typeof(long) : typeof(string)));
        Assert.Equal(route.Order(ByName), values.Order(ByName));
        Assert.All(parameters, parameter => Assert.False(parameter.IsOptional || parameter.ParameterType.IsByRef, $"{name}: {parameter.Name}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_has_one_anonymous_trigger_on_its_request(string name)
    {
        var function = Find(name);

        var parameter = Assert.Single(function.GetParameters(), parameter => parameter.IsDefined(typeof(HttpTriggerAttribute)));
        Assert.Equal(typeof(HttpRequest), parameter.ParameterType);
        var trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()!;
        Assert.Equal(AuthorizationLevel.Anonymous, trigger.AuthLevel);
        Assert.NotEmpty(trigger.Methods!);
        Assert.Distinct(trigger.Methods!);
        Assert.Empty(trigger.Methods!.Except(Methods));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_route_is_made_of_literals_and_whole_parameters_and_its_ids_are_numbers(string name)
    {
        var template = TemplateOf(Find(name));

        Assert.True(template.IsPlain, $"{name}: {template}");
        Assert.All(
            template.Parameters.Where(parameter => parameter.Key.EndsWith("Id", StringComparison.Ordinal) && parameter.Key != "accountId"),
            parameter => Assert.Equal("long", parameter.Value));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_host_accepts_its_name_and_its_route(string name)
    {
        Assert.Matches("^[A-Za-z][A-Za-z0-9_-]{0,127}$", name);
        Assert.NotEqual("host", name, StringComparer.OrdinalIgnoreCase);
        // It keeps whatever starts with these for itself, and the app doesn't start with such a function.
        Assert.DoesNotMatch("^(?i:admin|runtime)", $"{TemplateOf(Find(name))}");
    }

    [Fact]
    public void No_two_functions_can_match_the_same_request()
    {
        var pairs = from one in Functions
                    from other in Functions
                    where string.CompareOrdinal(NameOf(one), NameOf(other)) < 0
                    where MethodsOf(one).Intersect(MethodsOf(other), StringComparer.OrdinalIgnoreCase).Any()
                    where TemplateOf(one).CanMatchSamePathAs(TemplateOf(other))
                    select $"{NameOf(one)} and {NameOf(other)}: {TemplateOf(one)} and {TemplateOf(other)}";

        Assert.Empty(pairs);
    }

    [Fact]
    public void A_path_is_written_the_same_way_wherever_it_occurs()
    {
        var templates = Functions.Select(function => $"{TemplateOf(function)}").Distinct().ToArray();

        Assert.Distinct(templates, StringComparer.OrdinalIgnoreCase);
    }

    private static Comparer<(string Name, Type Type)> ByName { get; } =
        Comparer<(string Name, Type Type)>.Create((one, other) => string.CompareOrdinal(one.Name, other.Name));

    private static MethodInfo Find(string name) => Functions.Single(function => NameOf(function) == name);

    private static string NameOf(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static RouteTemplate TemplateOf(MethodInfo function) => new(TriggerOf(function).Route ?? "");

    private static string[] MethodsOf(MethodInfo function) => TriggerOf(function).Methods!;

    private static HttpTriggerAttribute TriggerOf(MethodInfo function) => function.GetParameters()
        .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
        .Single(trigger => trigger is not null)!;
}
