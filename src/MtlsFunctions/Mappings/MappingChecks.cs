using System.Text.Json.Serialization;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Mappings;

/// <summary>A triplet as it is submitted; the onboarding text calls the account siteId.</summary>
public sealed record SubmittedTriplet(
    [property: JsonConverter(typeof(StringOrNumber))] string? ServiceName, string? AccountId, string? SiteId, string? Url)
{
    [JsonIgnore]
    public string? Account => AccountId ?? SiteId;

    /// <returns>False when either of its names is another account's.</returns>
    public bool Names(AccountId account) => (AccountId ?? account.Value) == account.Value && (SiteId ?? account.Value) == account.Value;
}

/// <summary>One answered check.</summary>
public sealed record MappingCheck(SubmittedTriplet Submitted, ServiceName Service, AccountId Account, bool Exists)
{
    /// <summary>The documented key of the first form, misspelling included: clients build the same text.</summary>
    public string Text =>
        $"CertificateMappingParamters{{serviceName='{Service.Name}', accountId='{Account}', url='{Submitted.Url}'}}";
}

/// <summary>Answers which triplets of an account have a mapping that a forward would use.</summary>
public sealed class MappingChecks(RuntimeView view, TimeProvider clock)
{
    /// <summary>Triplets in one request, at most.</summary>
    public const int MaxItems = 256;

    private const int LookUpsAtOnce = 8;

    /// <param name="submitted">Of this account: whoever calls has compared what they name.</param>
    /// <returns>In the order submitted; or the first bad item's failure with its index.</returns>
    public async Task<Outcome<MappingCheck[]>> CheckAsync(
        AccountId account, SubmittedTriplet?[] submitted, bool accountNeeded, CancellationToken cancellation)
    {
        if (submitted.Length == 0)
            return new Failure(FailureKind.RequestInvalid, "The array is empty: send at least one item.");
        if (submitted.Length > MaxItems)
            return new Failure(FailureKind.TooManyItems, $"One request can check {MaxItems} items; this one has {submitted.Length}.");
        var parsed = new (ServiceName Service, TargetUrl Url)[submitted.Length];
        for (var at = 0; at < submitted.Length; at++)
        {
            if (!Parse(submitted[at], accountNeeded).TryGet(out var item, out var failure))
                return failure.At(at);
            parsed[at] = item;
        }

        var found = new MappingCheck[submitted.Length];
        await Parallel.ForAsync(0, submitted.Length, new ParallelOptions { MaxDegreeOfParallelism = LookUpsAtOnce, CancellationToken = cancellation }, async (at, token) =>
        {
            var resolution = await view.ResolveAsync(account, parsed[at].Service, parsed[at].Url, token);
            found[at] = new MappingCheck(submitted[at]!, parsed[at].Service, account, resolution.Exists(clock.GetUtcNow()));
        });
        return found;
    }

    private static Outcome<(ServiceName Service, TargetUrl Url)> Parse(SubmittedTriplet? triplet, bool accountNeeded)
    {
        if (triplet is null)
            return new Failure(FailureKind.RequestInvalid, "An item is an object, not null.");
        if (accountNeeded && triplet.Account is null)
            return new Failure(FailureKind.RequestInvalid, "\"accountId\" is missing.");
        if (!ServiceName.Parse(triplet.ServiceName).TryGet(out var service, out var failure))
            return failure;
        return TargetUrl.Parse(triplet.Url).TryGet(out var url, out failure) ? (service, url) : failure;
    }
}
