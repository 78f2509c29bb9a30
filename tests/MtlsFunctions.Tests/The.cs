using Microsoft.Extensions.Options;
using MtlsFunctions.Authorization;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Mappings;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests;

/// <summary>Values that only exist when the text is a good one; a bad text fails the test.</summary>
internal static class The
{
    public static AccountId Account(string text = "demo") => AccountId.FromCredential(text)!;

    public static TargetUrl Url(string text) => Of(TargetUrl.Parse(text));

    public static ServiceName Service(string text = "WEBHOOKS") => Of(ServiceName.Parse(text));

    /// <summary>A budget for request bodies that nobody else uses.</summary>
    public static KeptBodies KeptBodies(long bytes = 1 << 20) => new(Options.Create(new ForwardingOptions { KeptBodyBytes = bytes }), new Meters());

    public static T Of<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.TryGet(out var value, out var failure), failure?.ToString());
        return value;
    }

    /// <summary>Fails the test unless the outcome is a failure of that kind.</summary>
    public static Failure FailureOf<T>(FailureKind kind, Outcome<T> outcome)
    {
        Assert.False(outcome.TryGet(out var value, out var failure), $"Not refused: {value}");
        Assert.Equal(kind, failure!.Kind);
        Assert.NotEmpty(failure.Detail);
        return failure;
    }
}
