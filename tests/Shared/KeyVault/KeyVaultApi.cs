using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace MtlsFunctions.Shared;

/// <summary>The routes of <see cref="KeyVaultServer"/>: who may, and what the answer looks like.</summary>
internal sealed partial class KeyVaultApi(KeyVaultServer server)
{
    public KeyVaultStore Store { get; } = new(server);

    /// <summary>With the body that the service sends along with the status.</summary>
    public static Task AnswerErrorAsync(HttpContext context, int status) => SendAsync(context, status switch
    {
        StatusCodes.Status403Forbidden => KeyVaultError.Forbidden(),
        StatusCodes.Status429TooManyRequests => new KeyVaultError(
            status, "Throttled", "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached"),
        _ => new KeyVaultError(status, "ServiceUnavailable", "The service is unavailable. Please try again later."),
    });

    public async Task AnswerAsync(HttpContext context)
    {
        if (!server.Identity.IsValid(context.Request.Headers.Authorization))
        {
            context.Response.Headers.WWWAuthenticate =
                $"Bearer authorization=\"https://login.windows.net/{KeyVaultIdentity.Tenant}\", resource=\"{server.Resource}\"";
            await SendAsync(context, new KeyVaultError(StatusCodes.Status401Unauthorized, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."));
            return;
        }

        try
        {
            await SendAsync(context, StatusCodes.Status200OK, await RouteAsync(context.Request));
        }
        catch (KeyVaultError error)
        {
            await SendAsync(context, error);
        }
    }

    private async Task<JsonNode?> RouteAsync(HttpRequest request)
    {
        if (!request.Query.ContainsKey("api-version"))
            throw new KeyVaultError(StatusCodes.Status400BadRequest, "BadParameter", "The api-version query parameter (?api-version=) is required for all requests.");
        // The SDK writes two slashes before the name of an import, and the service reads them as one.
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.Length < 2 || !LegalName().IsMatch(path[1]))
            throw new KeyVaultError(StatusCodes.Status400BadRequest, "BadParameter", "The request URI contains an invalid name.");
        switch (request.Method, path)
        {
            case ("POST", ["certificates", var name, "import"]):
                Demand("certificates/import/action");
                var import = (await request.ReadFromJsonAsync<JsonObject>())!;
                server.Imports.Enqueue((name, import.DeepClone().AsObject()));
                return server.RefuseImports is { } reason ? throw KeyVaultError.BadParameter(reason) : Store.Import(name, import);
            case ("GET", ["certificates", var name, "versions"]):
                Demand("certificates/read");
                return Store.ListVersions(name, request.Query["$skiptoken"], request.Query["api-version"]!);
            case ("DELETE", ["certificates", var name]):
                Demand("certificates/delete");
                return Store.Delete(name);
            case ("GET", ["secrets", var name, var version]):
                Demand("secrets/getSecret/action");
                return Store.GetSecret(name, version);
            case ("POST", ["deletedcertificates", var name, "recover"]):
                Demand("certificates/recover/action");
                return Store.Recover(name);
            case ("DELETE", ["deletedcertificates", var name]):
                Demand("certificates/purge/action");
                return Store.Purge(name);
            default:
                throw new KeyVaultError(StatusCodes.Status404NotFound, "NotFound", "The imitation has no such method.");
        }
    }

    private void Demand(string right)
    {
        if (!server.Rights.Contains(right))
            throw KeyVaultError.Forbidden();
    }

    private static Task SendAsync(HttpContext context, KeyVaultError error) => SendAsync(context, error.Status, error.Body);

    private static Task SendAsync(HttpContext context, int status, JsonNode? body)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        headers.StrictTransportSecurity = "max-age=31536000;includeSubDomains";
        headers["x-ms-request-id"] = Guid.NewGuid().ToString();
        headers["x-ms-keyvault-region"] = "imitation";
        context.Response.StatusCode = body is null ? StatusCodes.Status204NoContent : status;
        return body is null ? Task.CompletedTask : context.Response.WriteAsJsonAsync(body);
    }

    [GeneratedRegex("^[0-9a-zA-Z-]{1,127}$")]
    private static partial Regex LegalName();
}
