using System.Formats.Asn1;
using System.Numerics;

namespace MtlsFunctions.Shared;

/// <summary>
/// Rewrites iteration counts in DER. In everything a p12 is made of (MacData, PBKDF2-params, pkcs-12PbeParams) the count is
/// the INTEGER right behind the OCTET STRING of the salt, and nothing else has that shape.
/// </summary>
internal static class DerCounts
{
    private static readonly Asn1Tag ExplicitContent = new(TagClass.ContextSpecific, 0);

    public static byte[] Replace(byte[] der, BigInteger count)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        Copy(new AsnReader(der, AsnEncodingRules.BER), writer, count);
        return writer.Encode();
    }

    /// <param name="pfx">A p12 without MAC: SEQUENCE { version, ContentInfo { data, [0] OCTET STRING { AuthenticatedSafe } } }.</param>
    public static byte[] ReplaceInAuthenticatedSafe(byte[] pfx, BigInteger count)
    {
        var outer = new AsnReader(pfx, AsnEncodingRules.BER).ReadSequence();
        var version = outer.ReadInteger();
        var contentInfo = outer.ReadSequence();
        var contentType = contentInfo.ReadObjectIdentifier();
        var safe = contentInfo.ReadSequence(ExplicitContent).ReadOctetString();

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(version);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(contentType);
                using (writer.PushSequence(ExplicitContent))
                    writer.WriteOctetString(Replace(safe, count));
            }
        }

        return writer.Encode();
    }

    private static void Copy(AsnReader reader, AsnWriter writer, BigInteger count)
    {
        var previous = default(Asn1Tag);
        while (reader.HasData)
        {
            var tag = reader.PeekTag();
            if (tag == Asn1Tag.Integer && previous == Asn1Tag.PrimitiveOctetString)
            {
                reader.ReadInteger();
                writer.WriteInteger(count);
            }
            else if (tag.IsConstructed)
            {
                // Sequences and context tags alike: only what they hold matters. The reader insists on the difference to sets.
                var isSet = tag == Asn1Tag.SetOf;
                var inside = isSet ? reader.ReadSetOf(skipSortOrderValidation: true, tag) : reader.ReadSequence(tag);
                using (isSet ? writer.PushSetOf(tag) : writer.PushSequence(tag))
                    Copy(inside, writer, count);
            }
            else
            {
                writer.WriteEncodedValue(reader.ReadEncodedValue().Span);
            }

            previous = tag;
        }
    }
}
