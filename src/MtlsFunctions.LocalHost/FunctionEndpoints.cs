using System.Linq.Expressions;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MtlsFunctions.LocalHost;

/// <summary>Finds every function of the product by reflection and maps it as a minimal API: route and methods come from its attributes.</summary>
public static class FunctionEndpoints
{
    public static IEnumerable<FunctionEndpoint> All { get; } =
    [
        .. from type in typeof(Gateway).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).Single(found => found is not null)
           orderby function.Name
           select new FunctionEndpoint(function.Name, "/" + trigger.Route, trigger.Methods!, method),
    ];

    public static void MapFunctions(this IEndpointRouteBuilder endpoints)
    {
        foreach (var function in All)
        {
            var instance = ActivatorUtilities.GetServiceOrCreateInstance(endpoints.ServiceProvider, function.Method.DeclaringType!);
            var signature = Expression.GetDelegateType(
                [.. function.Method.GetParameters().Select(parameter => parameter.ParameterType), function.Method.ReturnType]);
            endpoints.MapMethods(function.Route, function.Methods, Delegate.CreateDelegate(signature, instance, function.Method))
                .WithName(function.Name);
        }
    }
}

/// <summary>One function as its attributes describe it.</summary>
public sealed record FunctionEndpoint(string Name, string Route, IReadOnlyList<string> Methods, MethodInfo Method);
