using System.Formats.Asn1;

namespace MtlsFunctions.Shared;

/// <summary>The same value as DER, encoded as streaming tools do: lengths left open, octet strings in pieces.</summary>
public static class BerEncoding
{
    private const int PieceBytes = 100;
    private const byte OpenLength = 0x80;
    private const byte ConstructedOctetString = 0x24;

    private static readonly byte[] EndOfContents = [0, 0];

    public static byte[] Of(byte[] der)
    {
        var ber = new List<byte>();
        Copy(new AsnReader(der, AsnEncodingRules.DER), ber);
        return [.. ber];
    }

    private static void Copy(AsnReader reader, List<byte> ber)
    {
        while (reader.HasData)
        {
            var tag = reader.PeekTag();
            if (tag.IsConstructed)
            {
                ber.AddRange([reader.PeekEncodedValue().Span[0], OpenLength]);
                Copy(tag == Asn1Tag.SetOf ? reader.ReadSetOf(skipSortOrderValidation: true, tag) : reader.ReadSequence(tag), ber);
                ber.AddRange(EndOfContents);
            }
            else if (tag == Asn1Tag.PrimitiveOctetString)
            {
                ber.AddRange([ConstructedOctetString, OpenLength]);
                foreach (var piece in reader.ReadOctetString().Chunk(PieceBytes))
                    ber.AddRange([0x04, (byte)piece.Length, .. piece]);
                ber.AddRange(EndOfContents);
            }
            else
            {
                ber.AddRange(reader.ReadEncodedValue().Span);
            }
        }
    }
}
