namespace MtlsFunctions.Shared;

/// <summary>
/// A p12 of the kind that OpenSSL 1 and Java 8 wrote: certificates under 40-bit RC2, the key under 3DES, MAC SHA-1. .NET reads RC2 but
/// doesn't write it into a p12, so this one was made once, with a key that is used nowhere else. The certificate is self-signed
/// (CertificateRequest, P-256, clientAuth, 2020 to 2125); the file is from
/// <code>openssl pkcs12 -export -legacy -in certificate.pem -inkey key.pem -passout pass:legacy-rc2 -out legacy.p12</code>
/// </summary>
public static class LegacyPkcs12
{
    public const string Password = "legacy-rc2";

    /// <summary>SHA-256 of the certificate, lower-case hex.</summary>
    public const string Thumbprint = "97dc686300bf22e6189317e26f4ca93a497c5a78e7797de30cea7dfb8394edb8";

    public static byte[] Rc2And3Des => Convert.FromBase64String("""
        MIIDOgIBAzCCAwAGCSqGSIb3DQEHAaCCAvEEggLtMIIC6TCCAd8GCSqGSIb3DQEHBqCCAdAwggHMAgEAMIIBxQYJKoZIhvcNAQcBMBwGCiqGSIb3DQEMAQYw
        DgQI9iKA8Luyt9YCAggAgIIBmMfgNX50E733uerl2799BFc60HiC4lBdisBV4WNyQ8ETWllUUFXcPDrnCBB3Lcpw2ozCenYOG6pRK84Thndpvtb6pLO1oWrl
        5Iay9FgLiQrQvVJs6ZFJlCKlEoroPgwBOLYz5riV8zK71Ig+Y6+jomtL12csUm1epDgQb2ZWtMDQ3wsXqUdslkAesrjZTpKOVAoeM03MxCmpNVX2nq/k1xFu
        po3gDl/abK3STSUt2Oexg9lXMvyza4Q/aK590hAxU8ZdSma1DodlP0SfMGOt+xUrZo41tu6mv8HHV5kDjFmjE1TuXC64VyHL+/h6VjylVTAQgn2lXPcZwnTZ
        suxfS9NUSZ5TyKjYF6GGatQ7zONCuFhqrJYewZsoKdpRAYlKRa7sUfWDgwcY4EuebtpCNUmsKSRVJrAheUEB5RhxlXPInmi1xYUB1c/aa30Xdsu304f/Nfne
        sxa5CntHtz0rtZcV1HNnbpFH6o9V+eL3DU38+Npck2edTml+Z7fxne8NCIneKXqttwHyDq8aW5TmkMVd0kCt8jxc1TCCAQIGCSqGSIb3DQEHAaCB9ASB8TCB
        7jCB6wYLKoZIhvcNAQwKAQKggbQwgbEwHAYKKoZIhvcNAQwBAzAOBAj5RfoNhrLexAICCAAEgZBnIIca2kOdMB2Sw3y9VU5BQO7T832efmBde2O3m3VKPNgg
        SIPECdRouWAC70Y/rCVoXGCGnQ9p/8I39ZEjVJtQNymJoBsivTIBIwNsmP7WvaOqzccfqz9VAbaXWs0iAOS2fMcNZG1/ooUoOvjz+6AjB65cO3MFhYJv8ceT
        1x8Jlm6hdQFc9A7aojREr4iZ9LkxJTAjBgkqhkiG9w0BCRUxFgQUUbPJmQQqAmtl/2PC/QtYqunbrPMwMTAhMAkGBSsOAwIaBQAEFFObXNof3sISU24ton66
        3Sw2NckWBAhnwkLLhoi1OQICCAA=
        """);
}
