using System.Diagnostics;
using MtlsFunctions.Certificates.Pkcs12;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Certificates.Pkcs12;

/// <summary>Each kind of bad p12 is told apart from the others, and none costs what it asks for.</summary>
public sealed class BadPkcs12Tests
{
    // The bombs would take from minutes to millennia; everything else is done in milliseconds, if the machine isn't asleep.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static readonly TestPki Pki = new();

    public static TheoryData<string> Kinds => [.. BadPkcs12.All];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_bad_p12_is_refused_for_what_is_wrong_with_it(string kind)
    {
        var bad = BadPkcs12.Make(kind, Pki);
        var started = Stopwatch.GetTimestamp();

        Assert.False(Pkcs12File.Open(bad.File, bad.Password, TimeProvider.System.GetUtcNow()).TryGet(out _, out var failure));

        Assert.Equal(bad.Problem, Problems.Of(failure.Kind).Name);
        Assert.NotEmpty(failure.Detail);
        if (bad.Password.Length > 0)
            Assert.DoesNotContain(bad.Password, failure.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Bound);
    }
}
