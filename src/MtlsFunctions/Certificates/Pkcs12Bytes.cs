using System.Text.Json;
using System.Text.Json.Serialization;

namespace MtlsFunctions.Certificates;

/// <summary>Bytes in JSON: an array of numbers as Java (-128..127) or others (0..255) write them, or base64.</summary>
internal sealed class Pkcs12Bytes : JsonConverter<byte[]?>
{
    public override byte[]? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.TryGetBytesFromBase64(out var decoded) ? decoded : throw new JsonException();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException();
        var bytes = new List<byte>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var number) || number is < sbyte.MinValue or > byte.MaxValue)
                throw new JsonException();
            bytes.Add(unchecked((byte)number));
        }

        return [.. bytes];
    }

    public override void Write(Utf8JsonWriter writer, byte[]? value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A p12 is never part of an answer.");
}
