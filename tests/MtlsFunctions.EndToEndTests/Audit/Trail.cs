using System.Net;
using System.Text.Json.Nodes;

namespace MtlsFunctions.EndToEndTests.Audit;

/// <summary>What an account's audit trail says.</summary>
public static class Trail
{
    public static string AuditPath(this GatewayClient account) => $"/mtls/account/{account.Account}/audit";

    /// <summary>The first page, oldest first; fails the test when it can't be read.</summary>
    public static async Task<Entry[]> ReadTrailAsync(this GatewayClient account, string query = "")
    {
        var answer = await account.GetAsync(account.AuditPath() + query);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Json["entries"]!.AsArray().Select(entry => Entry.Of(entry!))];
    }
}

public sealed record Entry(DateTimeOffset When, string Who, string Action, string Objects, int Status, string From)
{
    public static Entry Of(JsonNode entry)
    {
        Assert.Equal(["when", "who", "action", "objects", "status", "from"], entry.AsObject().Select(member => member.Key));
        Assert.EndsWith("Z", (string)entry["when"]!, StringComparison.Ordinal);
        return new Entry((DateTimeOffset)entry["when"]!, (string)entry["who"]!, (string)entry["action"]!,
            string.Join(' ', entry["objects"]!.AsArray().Select(name => (string)name!)), (int)entry["status"]!, (string)entry["from"]!);
    }
}
