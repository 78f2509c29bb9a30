using System.Globalization;

namespace MtlsFunctions.Authorization.OAuth;

/// <summary>A consumer key names its account, so that no look-up over all accounts is needed; who it really is, the signature tells.</summary>
public static class ConsumerKey
{
    public static string Of(string account, long id) => string.Create(CultureInfo.InvariantCulture, $"{account}.{id}");

    /// <returns>Null for anything that isn't one of ours.</returns>
    public static (AccountId Account, long Id)? Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && AccountId.FromCredential(text[..dot]) is { } account
            && long.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (account, id)
            : null;
    }
}
