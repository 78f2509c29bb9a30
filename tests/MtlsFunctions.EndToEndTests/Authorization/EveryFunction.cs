using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MtlsFunctions.LocalHost;

namespace MtlsFunctions.EndToEndTests.Authorization;

/// <summary>Every function of the product with every method it takes. A label, such as <c>Forward PATCH</c>, names one in a theory's row.</summary>
public static class EveryFunction
{
    /// <summary>
    /// Functions that need no credentials: discovery, login, token endpoint, health and the console's files, and nothing else ever.
    /// Who adds a name says in the commit why anybody may call it.
    /// </summary>
    public static readonly string[] Open = ["GetBaseUri", "GetConsole", "GetConsoleAsset", "GetConsoleSettings", "GetHealth", "GetOpenApi", "GetReadiness", "GetSigningKeys", "IssueToken", "IssueTokenOlderPath", "ListBaseUris", "Login"];

    /// <summary>Functions that need credentials but speak of no account, so that any account's will do.</summary>
    public static readonly string[] OfNoAccount = ["GetHealthDetails"];

    public static IEnumerable<string> Names => FunctionEndpoints.All.Select(function => function.Name);

    /// <summary>Labels of all that need credentials.</summary>
    public static IEnumerable<string> Guarded => Calls.Where(call => !Open.Contains(call.Name)).Select(call => call.Label);

    /// <summary>Labels of those among them that speak of an account, in the route or in the body.</summary>
    public static IEnumerable<string> OfAnAccount => Guarded.Where(label => !OfNoAccount.Contains(Find(label).Name));

    /// <summary>Labels of those whose route names the account.</summary>
    public static IEnumerable<string> WithAccountInRoute => Guarded.Where(label => Find(label).NamesAccount);

    public static FunctionCall Find(string label) => Calls.Single(call => call.Label == label);

    private static IEnumerable<FunctionCall> Calls =>
        from function in FunctionEndpoints.All
        from method in function.Methods
        select new FunctionCall(function.Name, method.ToUpperInvariant(), function.Route);
}

/// <summary>One function under one of its methods.</summary>
public sealed partial record FunctionCall(string Name, string Method, string Route)
{
    public string Label => $"{Name} {Method}";

    public bool NamesAccount => Route.Contains("{accountId}", StringComparison.Ordinal);

    /// <param name="id">The value of any other route parameter by its name. Default: 1.</param>
    public string Path(string account, Func<string, long>? id = null) => Parameter().Replace(Route, found =>
        found.Groups["name"].Value == "accountId" ? account
        : $"{id?.Invoke(found.Groups["name"].Value) ?? 1}");

    /// <summary>Where the route has no account, the body names it.</summary>
    public HttpContent? Body(string account) => NamesAccount || Method == "GET" ? null : new StringContent(
        new JsonArray(new JsonObject { ["serviceName"] = "IDP", ["accountId"] = account, ["url"] = "https://remote.example/" }).ToJsonString());

    public Task<Answer> SendAsync(GatewayClient client, string account, Func<string, long>? id = null) =>
        client.SendAsync(new HttpMethod(Method), Path(account, id), Body(account));

    /// <summary>Fails the test unless the answer is that problem; the answer to HEAD has no body, so its status and type must do.</summary>
    public void IsRefused(Answer answer, HttpStatusCode status, string type)
    {
        if (Method != "HEAD")
        {
            answer.IsProblem(status, type);
            return;
        }

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.Header("Content-Type")));
        Assert.Empty(answer.Body);
    }

    [GeneratedRegex(@"\{(?<name>\w+)(:\w+)?\}")]
    private static partial Regex Parameter();
}
