using System.Net;

namespace MtlsFunctions.EndToEndTests.HostileInput;

/// <summary>A body whose length isn't told: it goes out in chunks.</summary>
public sealed class UnannouncedContent(byte[] body) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(body, 0, body.Length);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
