using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>
/// What opening a p12 would cost, read from its structure before any key derivation runs: somebody who sets a count of two
/// thousand million wants our CPU, not our service.
/// </summary>
/// <param name="MostIterations">The largest iteration count of any derivation.</param>
/// <param name="TotalIterations">All derivations together.</param>
/// <param name="KeyBags">Private keys that can be seen without the password.</param>
public sealed record KeyDerivationCost(BigInteger MostIterations, BigInteger TotalIterations, int KeyBags)
{
    /// <summary>Iterations of one key derivation, at most: what NSS (Firefox, Thunderbird) writes.</summary>
    public const int MaxIterations = 600_000;

    /// <summary>
    /// Iterations of all key derivations of one p12, at most: NSS has three of them. About a second of CPU, so few run at a time
    /// (see <see cref="KeyDerivations"/>).
    /// </summary>
    public const int MaxTotalIterations = 2_000_000;

    public bool IsTooMuch => MostIterations > MaxIterations || TotalIterations > MaxTotalIterations;

    /// <returns>False: not a p12, or a damaged one.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> pkcs12, [NotNullWhen(true)] out KeyDerivationCost? cost)
    {
        cost = Pkcs12Structure.TryRead(pkcs12, out var structure) ? structure.Cost : null;
        return cost is not null;
    }

    public static Failure TooCostly() => new(
        FailureKind.Pkcs12KeyDerivationTooCostly,
        $"At most {MaxIterations} iterations for each key derivation and {MaxTotalIterations} for all together are taken; 2048 is usual. {Pkcs12Commands.WriteAnew}");
}
