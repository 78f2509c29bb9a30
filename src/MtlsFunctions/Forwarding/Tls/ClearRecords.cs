using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MtlsFunctions.Forwarding.Tls;

/// <summary>
/// One direction of a TLS connection, for as long as it is in clear: its handshake messages and an alert (RFC 5246 section 6.2.1,
/// RFC 8446 section 5.1). What isn't TLS, or too much of it, is looked at no further.
/// </summary>
internal sealed class ClearRecords
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const int RecordHeader = 5;
    private const int MessageHeader = 4;
    private const int MostBytes = 128 * 1024;
    private const byte Fatal = 2;

    private readonly List<byte> records = [];
    private readonly List<byte> messages = [];
    private int seen;

    /// <summary>Nothing of what follows can be read: it is encrypted, or no TLS.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The very first byte; null before.</summary>
    public byte? First { get; private set; }

    /// <summary>Whole handshake messages, in order, without their headers.</summary>
    public List<(byte Type, byte[] Body)> Messages { get; } = [];

    /// <summary>A fatal alert; null while there was none.</summary>
    public TlsAlert? Ended { get; private set; }

    /// <summary>TLS was spoken, as far as one can see.</summary>
    public bool IsTls => First is >= 20 and <= 23;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (IsOver || bytes.IsEmpty)
            return;
        First ??= bytes[0];
        seen += bytes.Length;
        records.AddRange(bytes);
        while (!IsOver && TakeRecord())
        {
            // The next one.
        }

        IsOver |= seen > MostBytes || Ended is not null;
    }

    private bool TakeRecord()
    {
        var bytes = CollectionsMarshal.AsSpan(records);
        if (bytes.IsEmpty)
            return false;
        if (bytes[0] is not (Alert or Handshake))
        {
            IsOver = true;
            return false;
        }

        if (bytes.Length < RecordHeader)
            return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        if (bytes.Length < RecordHeader + length)
            return false;
        var payload = bytes.Slice(RecordHeader, length);
        // A warning ends nothing.
        if (bytes[0] == Alert && payload is [Fatal, var number, ..])
            Ended = new TlsAlert(number);
        if (bytes[0] == Handshake)
            AddMessages(payload);
        records.RemoveRange(0, RecordHeader + length);
        return true;
    }

    private void AddMessages(ReadOnlySpan<byte> payload)
    {
        messages.AddRange(payload);
        while (true)
        {
            var bytes = CollectionsMarshal.AsSpan(messages);
            if (bytes.Length < MessageHeader)
                return;
            var length = (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
            if (bytes.Length < MessageHeader + length)
                return;
            Messages.Add((bytes[0], bytes.Slice(MessageHeader, length).ToArray()));
            messages.RemoveRange(0, MessageHeader + length);
        }
    }
}
