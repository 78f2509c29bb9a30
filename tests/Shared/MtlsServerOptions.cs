using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace MtlsFunctions.Shared;

public sealed class MtlsServerOptions
{
    /// <summary>Default: one for localhost and 127.0.0.1, issued by the server's PKI.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Require ends the handshake of whoever brings none; Allow asks; NoCertificate doesn't ask.</summary>
    public ClientCertificateMode ClientCertificates { get; set; } = ClientCertificateMode.RequireCertificate;

    /// <summary>Client certificates that chain to none of these end the handshake. Default: the root of the server's PKI.</summary>
    public X509Certificate2Collection? ClientRoots { get; set; }

    public HttpProtocols Protocols { get; set; } = HttpProtocols.Http1AndHttp2;

    /// <summary>None lets the system choose.</summary>
    public SslProtocols TlsVersions { get; set; } = SslProtocols.None;

    /// <summary>Kestrel's own default; false makes every handshake a full one.</summary>
    public bool AllowTlsResume { get; set; } = true;

    /// <summary>Default: 200 and JSON {"thumbprint":…} of the client certificate that was seen.</summary>
    public RequestDelegate? Handler { get; set; }

    /// <summary>False leaves request bodies to the handler as they arrive, and out of the record.</summary>
    public bool RecordBodies { get; set; } = true;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; set; }
}
