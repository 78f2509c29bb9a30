using System.Globalization;
using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Mappings;

/// <summary>A submitted mapping whose every field has been checked by itself; whether its certificate exists is for the table to say.</summary>
/// <param name="Enabled">Null when it wasn't said: a new mapping is enabled, an old one stays as it is.</param>
/// <param name="TrustedCa">PEM; empty for none, and null when it wasn't said: an old mapping keeps what it has.</param>
public sealed record NewMapping(
    string Name, TargetUrl Url, ServiceName Service, long CertificateId, bool? Enabled, string? TrustedCa = null)
{
    public static Outcome<NewMapping> Parse(SubmittedMapping? submitted, AccountId account)
    {
        if (submitted is null)
            return new Failure(FailureKind.RequestInvalid, "A mapping is an object, not null.");
        if (Names.Refuse(submitted.Name, "mapping") is { } badName)
            return badName;
        if (!TargetUrl.Parse(submitted.Url).TryGet(out var url, out var failure))
            return failure;
        if (!ServiceName.Parse(submitted.ServiceId).TryGet(out var service, out failure))
            return failure;
        if (submitted.SiteId is { } site && site != account.Value)
            return new Failure(FailureKind.RequestInvalid, "\"siteId\" must be the account in the route; it can be left out.");
        if (!long.TryParse(submitted.CertificationId, NumberStyles.None, CultureInfo.InvariantCulture, out var certificate))
            return new Failure(FailureKind.CertificateUnknown, "\"certificationId\" must be the id of one of this account's certificates, as a string.");
        if (submitted.TrustedCa is not { Length: > 0 } pem)
            return new NewMapping(submitted.Name!, url, service, certificate, submitted.Enable, submitted.TrustedCa);
        return Mappings.TrustedCa.Parse(pem).TryGet(out var trusted, out failure)
            ? new NewMapping(submitted.Name!, url, service, certificate, submitted.Enable, trusted.Pem)
            : failure;
    }

    /// <summary>Key of the row that keeps (service, URL) unique.</summary>
    public string KeyRow => MappingKey.Of(Service, Url);

    /// <summary>Key of the row that keeps the name unique.</summary>
    public string NameRow => RowKeys.Of(RowKinds.MappingName, Name);

    public MappingRow ToRow(AccountId account)
    {
        var id = Ids.Next();
        var row = new MappingRow { PartitionKey = account.Value, RowKey = MappingRow.KeyOf(id), Id = id, Enabled = true };
        ApplyTo(row);
        return row;
    }

    public void ApplyTo(MappingRow row)
    {
        row.Name = Name;
        row.Url = Url.Text;
        row.ServiceId = Service.Id;
        row.CertificateId = CertificateId;
        row.TrustedCa = TrustedCa switch { null => row.TrustedCa, "" => null, var pem => pem };
        row.Enabled = Enabled ?? row.Enabled;
    }
}

/// <summary>The key that is unique within an account: service and canonical URL.</summary>
public static class MappingKey
{
    /// <summary>Of a stored mapping, whose service and URL were checked when it was stored.</summary>
    public static string Of(MappingRow row) => TargetUrl.Parse(row.Url).TryGet(out var url, out _)
        ? Of(ServiceName.OfId(row.ServiceId), url)
        : throw new InvalidOperationException($"Mapping {row.Id} holds a URL that isn't one.");

    public static string Of(ServiceName service, TargetUrl url) => RowKeys.Of(RowKinds.MappingKey, $"{service.Id}\n{url.Canonical}");
}
