using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>The limits of a name's custom metadata.</summary>
internal static class KvCustomMetadata
{
    private const int MaxKeys = 64;
    private const int MaxKeyLength = 128;
    private const int MaxValueLength = 512;

    public static VaultReply? Refuse(JsonObject? custom)
    {
        if (custom is null)
            return null;
        if (custom.Count > MaxKeys)
            return VaultReply.OneError(400, $"custom_metadata validation failed: payload must contain at most {MaxKeys} keys, provided {custom.Count}");
        foreach (var (key, value) in custom)
        {
            if (key.Length is 0 or > MaxKeyLength)
                return Invalid($"length of key \"{key}\" is {key.Length} but must be 0 < len(key) <= {MaxKeyLength}");
            if (value!.ToString().Length is 0 or > MaxValueLength)
                return Invalid($"length of value for key \"{key}\" is {value.ToString().Length} but must be 0 < len(value) <= {MaxValueLength}");
        }

        return null;
    }

    // One line feed fewer than the servers' other errors have.
    private static VaultReply Invalid(string what) => VaultReply.Error(400, $"1 error occurred:\n\t* custom_metadata validation failed: {what}\n\n");
}
