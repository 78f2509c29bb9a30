namespace MtlsFunctions.Certificates.Pkcs12;

/// <summary>What people type to get a file that opens. Each begins a sentence of its own.</summary>
internal static class Pkcs12Commands
{
    /// <summary>The same key and certificates in a new file.</summary>
    public const string WriteAnew =
        "Write the file anew: openssl pkcs12 -in old.p12 -nodes -out all.pem, then openssl pkcs12 -export -in all.pem -out new.p12, and delete all.pem.";

    /// <summary>The same for what OpenSSL 3 reads with its legacy provider only.</summary>
    public const string WriteLegacyAnew =
        "Write the file anew: openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem, then openssl pkcs12 -export -in all.pem -out new.p12, and delete all.pem.";

    public const string FromPem = "Make a p12 of it: openssl pkcs12 -export -inkey client.key -in client.pem -certfile chain.pem -out client.p12.";
}
