using System.Globalization;
using System.Text;

namespace MtlsFunctions;

/// <summary>Names that people give to certificates, mappings and keys: 1 to 256 printable characters, URLs included.</summary>
public static class Names
{
    public const int MaxLength = 256;

    /// <param name="what">What is named, for the message: "certificate".</param>
    public static Failure? Refuse(string? name, string what)
    {
        if (string.IsNullOrWhiteSpace(name))
            return new Failure(FailureKind.NameInvalid, $"The {what} needs a name.");
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            length++;
            if (!IsPrintable(rune))
                return new Failure(FailureKind.NameInvalid, $"The {what}'s name holds a character that can't be printed, at position {length}.");
        }

        return length > MaxLength ? new Failure(FailureKind.NameInvalid, $"The {what}'s name has {length} characters; {MaxLength} are allowed.") : null;
    }

    // An unpaired surrogate arrives here as the replacement character.
    private static bool IsPrintable(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
