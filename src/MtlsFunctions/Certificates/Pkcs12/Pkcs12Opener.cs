using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>Finds the reading of the password that the MAC proves, and decrypts with it. No more is derived than the limits allow.</summary>
internal sealed class Pkcs12Opener
{
    private readonly ReadOnlyMemory<byte> pkcs12;
    private readonly Pkcs12Structure structure;
    private readonly string password;
    private BigInteger spent;

    private Pkcs12Opener(ReadOnlyMemory<byte> pkcs12, Pkcs12Structure structure, string password) =>
        (this.pkcs12, this.structure, this.password) = (pkcs12, structure, password);

    /// <returns>The contents, which the caller disposes, and what to tell about the password.</returns>
    public static Outcome<(Pkcs12Contents Contents, string? Remark)> Open(ReadOnlyMemory<byte> pkcs12, Pkcs12Structure structure, string password)
    {
        try
        {
            return new Pkcs12Opener(pkcs12, structure, password).Open();
        }
        catch (CryptographicException)
        {
            return Damaged();
        }
    }

    public static Failure Damaged() => new(
        FailureKind.Pkcs12Unreadable, $"The p12 is damaged: get it again from where it was made. Where other tools open it: {Pkcs12Commands.WriteAnew}");

    private Outcome<(Pkcs12Contents Contents, string? Remark)> Open()
    {
        if (structure.Mac?.Pbmac1?.Refuse() is { } forged)
            return forged;
        var readings = PasswordReading.Of(password);
        var proven = structure.Mac is { } mac ? readings.Where(reading => Proves(mac, reading)).Take(1).ToArray() : [];
        if (structure.Mac is not null && proven is [])
            return Decrypt(readings[0]) is { } other && Discard(other)
                ? Wrong("The password opens what is in the p12, but its MAC is under another one, or the file was changed after it was made. "
                    + $"If it was made with two passwords (openssl -twopass): {Pkcs12Commands.WriteAnew}")
                : Wrong("The password does not open this p12, or the file was changed after it was made.");
        // The MAC says nothing about how the other kind of key derivation took the password.
        var candidates = proven is [var first] ? readings.Where(reading => SameForMac(first, reading)) : readings;
        foreach (var reading in candidates)
        {
            if (Decrypt(reading) is { } opened)
                return opened.TryGet(out var contents, out var refused) ? (contents, reading.Remark) : refused;
        }

        return proven is []
            ? Wrong("The password does not open this p12.")
            : Wrong($"The password is right for the MAC of the p12, but doesn't open what is in it: it was made with two passwords (openssl -twopass). {Pkcs12Commands.WriteAnew}");
    }

    private bool Proves(Pkcs12Mac mac, PasswordReading reading) =>
        MaySpend(mac.Iterations) && (mac.Pbmac1?.Verify(reading.Bytes) ?? Copy().VerifyMac(reading.Chars));

    private bool SameForMac(PasswordReading one, PasswordReading other) =>
        structure.Mac!.Pbmac1 is null ? one.Chars == other.Chars : one.Bytes.AsSpan().SequenceEqual(other.Bytes);

    /// <returns>Null: the password doesn't open it.</returns>
    private Outcome<Pkcs12Contents>? Decrypt(PasswordReading reading)
    {
        var cost = structure.Cost.TotalIterations - (structure.Mac?.Iterations ?? 0);
        if (!MaySpend(cost))
            return null;
        try
        {
            // What is decrypted stays so: each try begins with a copy.
            return Pkcs12Contents.Decrypt(Copy(), structure, reading, KeyDerivationCost.MaxTotalIterations - structure.Cost.TotalIterations);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // The first reading is within the limits anyway, which are those of the file.
    private bool MaySpend(BigInteger iterations)
    {
        if (spent + iterations > KeyDerivationCost.MaxTotalIterations)
            return false;
        spent += iterations;
        return true;
    }

    private Failure Wrong(string what) => new(FailureKind.Pkcs12WrongPassword, $"{what} {PasswordReading.Explain(password)}".TrimEnd());

    private Pkcs12Info Copy() => Pkcs12Info.Decode(pkcs12, out _);

    private static bool Discard(Outcome<Pkcs12Contents> opened)
    {
        if (opened.TryGet(out var contents, out _))
            contents.Dispose();
        return true;
    }
}
