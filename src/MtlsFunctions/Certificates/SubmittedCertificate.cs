using System.Globalization;
using System.Text.Json.Serialization;
using MtlsFunctions.Certificates.Pkcs12;

namespace MtlsFunctions.Certificates;

/// <summary>A certificate as it is submitted, by file or as JSON; nothing of it is trusted yet.</summary>
public sealed record SubmittedCertificate
{
    /// <summary>Only in updates.</summary>
    [JsonConverter(typeof(StringOrNumber))]
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? DisplayName { get; init; }

    public string? Password { get; init; }

    [JsonConverter(typeof(Pkcs12Bytes))]
    public byte[]? P12 { get; init; }

    /// <summary>Only in the tester's older form: what to send to the remote endpoint.</summary>
    [JsonIgnore]
    public string? Body { get; init; }

    /// <summary>Only in the tester's older form: the anchors that a mapping of that endpoint would bring, PEM.</summary>
    [JsonIgnore]
    public string? TrustedCa { get; init; }

    /// <summary>Everything that can be said without the table: the names, and the p12 as the tester judges it.</summary>
    /// <returns>The opened certificate, which the caller disposes.</returns>
    public Outcome<NewCertificate> Open(DateTimeOffset now)
    {
        var displayName = DisplayName ?? Name;
        if ((Names.Refuse(Name, "certificate") ?? Names.Refuse(displayName, "certificate's display")) is { } refused)
            return refused;
        if (Password is null)
            return new Failure(FailureKind.RequestInvalid, "The certificate needs a \"password\".");
        if (P12 is null)
            return new Failure(FailureKind.RequestInvalid, "The certificate needs a \"p12\": its bytes as an array, or base64.");
        return Pkcs12File.Open(P12, Password, now).TryGet(out var opened, out var failure)
            ? new NewCertificate(Name!, displayName!, opened.Certificate)
            : failure;
    }

    /// <summary>Its name alone: a record would tell its password to whoever writes it down.</summary>
    public override string ToString() => $"certificate '{Name}'";

    /// <returns>The id of the certificate to update; <see cref="FailureKind.RequestInvalid"/> when there is none.</returns>
    public Outcome<long> ParseId() => long.TryParse(Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : new Failure(FailureKind.RequestInvalid, "\"id\" must be the id of the certificate to update.");
}

/// <summary>A certificate that may be stored. Owns its key.</summary>
public sealed record NewCertificate(string Name, string DisplayName, ClientCertificate Certificate) : IDisposable
{
    public void Dispose() => Certificate.Dispose();
}
