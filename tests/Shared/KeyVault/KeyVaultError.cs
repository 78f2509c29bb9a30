using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MtlsFunctions.Shared;

/// <summary>An error as the service words it.</summary>
internal sealed class KeyVaultError(int status, string code, string message, string? inner = null) : Exception(message)
{
    public int Status => status;

    public JsonObject Body
    {
        get
        {
            var error = new JsonObject { ["code"] = code, ["message"] = Message };
            if (inner is not null)
                error["innererror"] = new JsonObject { ["code"] = inner };
            return new JsonObject { ["error"] = error };
        }
    }

    public static KeyVaultError Forbidden() => new(
        StatusCodes.Status403Forbidden, "Forbidden", "Caller is not authorized to perform action on resource.", "ForbiddenByRbac");

    public static KeyVaultError NotFound(string code, string message) => new(StatusCodes.Status404NotFound, code, message);

    public static KeyVaultError BadParameter(string message) => new(StatusCodes.Status400BadRequest, "BadParameter", message);

    public static KeyVaultError Conflict(string message, string inner) => new(StatusCodes.Status409Conflict, "Conflict", message, inner);
}
