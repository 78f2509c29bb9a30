using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MtlsFunctions.Storage;

/// <summary>
/// Row keys are <c>{kind}_{key}</c> in the partition of the account. Ids have a fixed width, so that a kind lists in id order;
/// text that people choose is hashed, because names and URLs hold characters that keys may not.
/// </summary>
public static class RowKeys
{
    public const string Revision = "revision";

    public static string Of(string kind, long id) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{id:D16}");

    public static string Of(string kind, string text) => $"{kind}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    /// <summary>All rows of a kind lie in [from, to): '`' follows '_'.</summary>
    public static (string From, string To) Range(string kind) => (kind + "_", kind + "`");
}
