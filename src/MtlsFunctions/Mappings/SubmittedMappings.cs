using System.Globalization;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Mappings;

/// <summary>Checks a submitted array item by item; the first bad one is named by its index.</summary>
public static class SubmittedMappings
{
    public static Outcome<NewMapping[]> Parse(SubmittedMapping?[] submitted, AccountId account)
    {
        if (CountIsWrong(submitted.Length) is { } wrong)
            return wrong;
        var parsed = new NewMapping[submitted.Length];
        for (var at = 0; at < submitted.Length; at++)
        {
            if (!NewMapping.Parse(submitted[at], account).TryGet(out var mapping, out var failure))
                return failure.At(at);
            parsed[at] = mapping;
        }

        return parsed;
    }

    /// <summary>The same with each mapping's id, for updates; an id may be named once.</summary>
    public static Outcome<(long Id, NewMapping Mapping)[]> ParseWithIds(SubmittedMapping?[] submitted, AccountId account)
    {
        if (!Parse(submitted, account).TryGet(out var parsed, out var failure))
            return failure;
        var seen = new HashSet<long>();
        var result = new (long, NewMapping)[parsed.Length];
        for (var at = 0; at < parsed.Length; at++)
        {
            if (!long.TryParse(submitted[at]!.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return new Failure(FailureKind.RequestInvalid, "\"id\" must be the id of the mapping to change.").At(at);
            if (!seen.Add(id))
                return new Failure(FailureKind.RequestInvalid, $"Mapping {id} is named twice.").At(at);
            result[at] = (id, parsed[at]);
        }

        return result;
    }

    /// <returns>The failure of a request that names no mapping, or more than one transaction holds; null when the number is fine.</returns>
    public static Failure? CountIsWrong(int count) => count switch
    {
        0 => new Failure(FailureKind.RequestInvalid, "The request names no mapping: send at least one."),
        > AccountMappings.MaxItems => new Failure(
            FailureKind.TooManyItems,
            $"One request can hold {AccountMappings.MaxItems} mappings, because they are stored together or not at all; this one has {count}."),
        _ => null,
    };
}
