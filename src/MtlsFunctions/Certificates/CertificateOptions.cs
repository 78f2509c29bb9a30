using System.ComponentModel.DataAnnotations;

namespace MtlsFunctions.Certificates;

/// <summary>Section <c>Certificates</c>.</summary>
public sealed class CertificateOptions
{
    public const string Section = "Certificates";

    /// <summary>HTTP status of a p12 that the tester refuses. Default: 400, or 413 when it is too large; 500 is the documented one.</summary>
    [Range(400, 599)]
    public int? TesterFailureStatus { get; init; }
}
