using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using MtlsFunctions.Forwarding.Tls;

namespace MtlsFunctions.Tests.Forwarding.Tls;

/// <summary>A handshake in clear as RFC 5246 has it, in whatever pieces; and nothing that a remote sends does harm.</summary>
public sealed class HandshakeMessagesTests
{
    private static readonly X500DistinguishedName Issuer = new("CN=Their Authority");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void What_was_said_is_heard_in_whatever_pieces_it_comes(int piece)
    {
        var (ours, theirs) = (new ClearRecords(), new ClearRecords());
        byte[] name = [.. Length(2, Issuer.RawData.Length), .. Issuer.RawData];
        byte[] said =
        [
            .. Record(22, [.. Message(2, new byte[38]), .. Message(11, [.. Length(3, 8), .. Length(3, 2), 1, 2, .. Length(3, 0)])]),
            .. Record(22, Message(13, [1, 64, 0, 2, 4, 3, .. Length(2, name.Length), .. name])),
        ];
        foreach (var part in said.Chunk(piece))
            theirs.Add(part);
        foreach (var part in Record(22, Message(1, [.. new byte[34], 0, 0, 4, 0x13, 0x01, 0xC0, 0x2F, 1, 0])).Concat(Record(22, Message(11, [0, 0, 0]))).Chunk(piece))
            ours.Add(part);

        var heard = new HandshakeMessages(ours, theirs);
        Assert.True(heard.HasServerHello && heard.AskedForCertificate && heard.ShowedNothing);
        Assert.Equal([Issuer.Name], heard.AcceptableIssuers);
        Assert.Equal([1, 2], heard.RemoteChain[0]);
        Assert.Equal(["TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"], heard.OfferedSuites);
        foreach (var part in Record(21, [1, 112]).Concat(Record(21, [2, 48])).Chunk(piece))
            theirs.Add(part);
        Assert.Equal((48, true), (theirs.Ended?.Number, theirs.IsOver));
    }

    [Fact]
    public void Nothing_that_a_remote_sends_does_harm() => Check.QuickThrowOnFailure(Prop.ForAll<byte[], byte[], byte>(static (first, second, type) =>
    {
        var theirs = new ClearRecords();
        theirs.Add(Record(22, Message((byte)(type % 2 == 0 ? 13 : 11), first)));
        theirs.Add(Record(22, second));
        theirs.Add(second);
        var heard = new HandshakeMessages(new ClearRecords(), theirs);
        return heard.AcceptableIssuers.Count <= first.Length && heard.RemoteChain.Count <= first.Length;
    }));

    [Fact]
    public void No_more_is_kept_than_a_handshake_needs()
    {
        var theirs = new ClearRecords();
        for (var at = 0; at < 1000 && !theirs.IsOver; at++)
            theirs.Add(Record(22, RandomNumberGenerator.GetBytes(16_000)));
        Assert.True(theirs.IsOver);
        var plain = new ClearRecords();
        plain.Add("HTTP/1.1 400 Bad Request"u8);
        Assert.Equal((true, false), (plain.IsOver, plain.IsTls));
    }

    private static byte[] Record(byte type, byte[] payload) => [type, 3, 3, .. Length(2, payload.Length), .. payload];

    private static byte[] Message(byte type, byte[] body) => [type, .. Length(3, body.Length), .. body];

    private static byte[] Length(int bytes, int length) => [.. Enumerable.Range(1, bytes).Select(at => (byte)(length >> (8 * (bytes - at))))];
}
