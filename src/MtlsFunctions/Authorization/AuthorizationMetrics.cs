using System.Diagnostics.Metrics;

namespace MtlsFunctions.Authorization;

/// <summary>What authorization measures; docs/metrics.md lists it. No attribute names a caller: there are as many as tokens.</summary>
public sealed class AuthorizationMetrics
{
    private const string Scope = "mtls.throttle.scope";

    private readonly Counter<long> tokens;
    private readonly Counter<long> throttled;

    public AuthorizationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        tokens = meter.CreateCounter<long>("mtls.token.checks", "{check}", "Bearer tokens that were checked.");
        throttled = meter.CreateCounter<long>("mtls.throttled", "{request}", "Requests that came too fast, or while too many of their account were under way.");
    }

    public void TokenKnown() => tokens.Add(1, new KeyValuePair<string, object?>(Telemetry.Result, "hit"));

    public void TokenVerified() => tokens.Add(1, new KeyValuePair<string, object?>(Telemetry.Result, "miss"));

    public void TokenRefused() => tokens.Add(1, new KeyValuePair<string, object?>(Telemetry.Result, "refused"));

    public void AddressThrottled() => throttled.Add(1, new KeyValuePair<string, object?>(Scope, "address"));

    public void AccountThrottled() => throttled.Add(1, new KeyValuePair<string, object?>(Scope, "account"));

    public void AccountBusy() => throttled.Add(1, new KeyValuePair<string, object?>(Scope, "under-way"));

    public void LoginThrottled() => throttled.Add(1, new KeyValuePair<string, object?>(Scope, "login"));
}
