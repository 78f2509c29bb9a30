using MtlsFunctions.Certificates;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Accounts;

/// <summary>An app key as the API shows it; the secrets only in the answer to its creation.</summary>
public sealed record AppKeyAnswer(
    long Id,
    string Name,
    string ConsumerKey,
    string? ConsumerSecret,
    string Token,
    string? TokenSecret,
    IReadOnlyList<string> Permissions,
    string Created,
    string? Expires,
    long? MadeBy)
{
    public static AppKeyAnswer Of(AppKeyRow row, string? consumerSecret = null, string? tokenSecret = null) => new(
        row.Id, row.Name, Authorization.OAuth.ConsumerKey.Of(row.PartitionKey, row.Id), consumerSecret, row.Token, tokenSecret, row.Permissions.Split(' '),
        CertificateAnswer.Iso(row.Created), row.Expires is { } expires ? CertificateAnswer.Iso(expires) : null,
        row.MadeBy);
}
