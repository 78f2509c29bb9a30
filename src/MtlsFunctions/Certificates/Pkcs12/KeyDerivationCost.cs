using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

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
    /// <summary>Iterations of one key derivation, at most: about a tenth of a second of CPU.</summary>
    public const int MaxIterations = 300_000;

    /// <summary>Iterations of all key derivations of one p12, at most.</summary>
    public const int MaxTotalIterations = 1_000_000;

    public bool IsTooMuch => MostIterations > MaxIterations || TotalIterations > MaxTotalIterations;

    /// <returns>False: not a p12, or a damaged one.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> pkcs12, [NotNullWhen(true)] out KeyDerivationCost? cost)
    {
        try
        {
            cost = Pkcs12Structure.Read(pkcs12);
            return true;
        }
        catch (Exception fault) when (fault is AsnContentException or CryptographicException)
        {
            cost = null;
            return false;
        }
    }

    public static Failure TooCostly() => new(
        FailureKind.Pkcs12KeyDerivationTooCostly,
        $"Export it again with at most {MaxIterations} iterations for each key derivation and {MaxTotalIterations} for all together; 2048 is usual.");
}
