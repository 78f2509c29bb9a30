using MtlsFunctions.Authorization;

namespace MtlsFunctions.Health;

/// <summary>Section <c>Health</c>: who sees what this app depends on, and how often it is looked at.</summary>
public sealed class HealthOptions
{
    public const string Section = "Health";

    /// <summary>Accounts of operators: their callers see <c>/health/details</c>, which names every token issuer; empty ones are passed over. Default: none; LocalHost's is demo.</summary>
    public List<string> OperatorAccounts { get; init; } = [];

    /// <summary>How long what was found is told again, on one instance, before everything is looked at anew; an hour at most. Default 10 seconds.</summary>
    public TimeSpan CacheTime { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Refuses at start what names nobody.</summary>
public sealed class HealthOptionsValidator : IValidateOptions<HealthOptions>
{
    public ValidateOptionsResult Validate(string? name, HealthOptions options)
    {
        var faults = options.OperatorAccounts.Where(account => account.Length > 0 && !AccountId.IsLegal(account))
            .Select(account => $"{HealthOptions.Section}:OperatorAccounts holds \"{account}\", which is no account id.").ToList();
        if (options.CacheTime < TimeSpan.Zero || options.CacheTime > TimeSpan.FromHours(1))
            faults.Add($"{HealthOptions.Section}:CacheTime must be between nothing and an hour.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
