using System.Text;

namespace MtlsFunctions.Authorization.OAuth;

/// <summary>A name and a value that are signed, both in the one encoding of RFC 5849 section 3.6, whatever way they were sent.</summary>
public readonly record struct SignedParameter(string Name, string Value)
{
    /// <summary>As they stand in the Authorization header, where '+' is itself.</summary>
    public static SignedParameter OfHeader(string name, string value) => new(Normalize(name), Normalize(value));

    /// <summary>Those of a query (without its '?') or of a form body, in order; a name without a value has an empty one.</summary>
    public static IEnumerable<SignedParameter> OfForm(byte[] form)
    {
        // Latin-1 maps each byte to one character and back.
        foreach (var pair in Encoding.Latin1.GetString(form).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var separator = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = separator < 0 ? (pair, "") : (pair[..separator], pair[(separator + 1)..]);
            yield return new SignedParameter(
                PercentEncoding.Normalize(Encoding.Latin1.GetBytes(name)), PercentEncoding.Normalize(Encoding.Latin1.GetBytes(value)));
        }
    }

    private static string Normalize(string sent) =>
        PercentEncoding.Normalize(Encoding.UTF8.GetBytes(sent.Replace("+", "%2B", StringComparison.Ordinal)));
}
