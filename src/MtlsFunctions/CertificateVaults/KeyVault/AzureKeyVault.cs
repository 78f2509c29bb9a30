using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Azure;
using Azure.Security.KeyVault.Certificates;

namespace MtlsFunctions.CertificateVaults.KeyVault;

/// <summary>
/// Entries are Key Vault certificates, imported; their keys are read through the secrets of the same name. Tags lead a person back to
/// account and certificate. The vault has no compare-and-set and no way to delete one version: every import adds one.
/// </summary>
public sealed partial class AzureKeyVault(KeyVaultClients clients, IOptions<KeyVaultOptions> options, TimeProvider clock, ILogger<AzureKeyVault> log)
    : ICertificateVault
{
    private const string StoredTag = "stored";

    // Versions can't be deleted; far beyond this something else than certificates is kept there.
    private const int MaxVersions = 5_000;

    private readonly KeyVaultImporter importer = new(clients, options.Value, clock);

    public Failure? Refuse(X509Certificate2 certificate) => KeyVaultUpload.Refuse(certificate);

    public Task<Outcome<string>> StoreAsync(VaultEntry entry, ReadOnlyMemory<byte> pkcs12, CancellationToken cancellation) =>
        GuardAsync<string>(entry, cancellation, async token =>
        {
            if (VaultEntry.RefuseSize(pkcs12) is { } tooLarge)
                return tooLarge;
            var certificates = X509CertificateLoader.LoadPkcs12Collection(
                pkcs12.Span, "", X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet);
            try
            {
                if (Refuse(certificates.Single(one => one.HasPrivateKey)) is { } refused)
                    return refused;
                var import = KeyVaultUpload.Of(NameOf(entry), certificates);
                import.Tags["account"] = entry.Account.Value;
                import.Tags["certificate"] = entry.OwnerId.ToString(CultureInfo.InvariantCulture);
                import.Tags[StoredTag] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
                return await importer.ImportAsync(import, token);
            }
            finally
            {
                foreach (var certificate in certificates)
                    certificate.Dispose();
            }
        });

    public Task<Outcome<byte[]>> LoadAsync(VaultEntry entry, string version, CancellationToken cancellation) =>
        GuardAsync<byte[]>(entry, cancellation, async token =>
            // Anything else is no version's name, and would be part of the address.
            Guid.TryParseExact(version, "N", out _)
                ? Convert.FromBase64String((await clients.Secrets.GetSecretAsync(NameOf(entry), version, token)).Value.Value)
                : KeyVaultFailures.Missing());

    public Task<Outcome<string[]>> ListVersionsAsync(VaultEntry entry, CancellationToken cancellation) =>
        GuardAsync<string[]>(entry, cancellation, async token =>
        {
            var versions = new List<CertificateProperties>();
            await foreach (var version in clients.Certificates.GetPropertiesOfCertificateVersionsAsync(NameOf(entry), token))
            {
                if (versions.Count == MaxVersions)
                    throw new InvalidDataException("The vault lists more versions than one certificate can have.");
                if (version.Enabled != false)
                    versions.Add(version);
            }

            // The vault's own time is in whole seconds; within one of them ours decides.
            return versions.OrderByDescending(version => version.CreatedOn)
                .ThenByDescending(version => version.Tags.TryGetValue(StoredTag, out var stored) ? stored : "", StringComparer.Ordinal)
                .Select(version => version.Version).ToArray();
        });

    public Task<Outcome<bool>> DeleteAsync(VaultEntry entry, CancellationToken cancellation) =>
        GuardAsync<bool>(entry, cancellation, async token =>
        {
            try
            {
                await clients.Certificates.StartDeleteCertificateAsync(NameOf(entry), token);
            }
            catch (RequestFailedException gone) when (gone.Status == StatusCodes.Status404NotFound)
            {
                // Deleting what isn't there succeeds.
            }

            return true;
        });

    /// <summary>Asks for a name that nobody has: what counts is that the identity may look, in both halves of the vault.</summary>
    public async Task<bool> IsReachableAsync(CancellationToken cancellation)
    {
        var nobody = new VaultEntry(Authorization.AccountId.Gateway, "reachable", 0);
        var list = ListVersionsAsync(nobody, cancellation);
        var load = await LoadAsync(nobody, Guid.Empty.ToString("N"), cancellation);
        return (await list).TryGet(out _, out _) && !load.TryGet(out _, out var failure) && failure.Kind == FailureKind.VaultEntryMissing;
    }

    private async Task<Outcome<T>> GuardAsync<T>(VaultEntry entry, CancellationToken cancellation, Func<CancellationToken, Task<Outcome<T>>> call)
    {
        using var deadline = new CancellationTokenSource(options.Value.Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            return await call(either.Token);
        }
        catch (Exception fault)
        {
            cancellation.ThrowIfCancellationRequested();
            var failure = KeyVaultFailures.Of(fault);
            if (failure.Kind != FailureKind.VaultEntryMissing)
                LogFault(entry.Account.Value, entry.Name, failure.Kind, KeyVaultFailures.Describe(fault));
            return failure;
        }
    }

    /// <summary>Not every account id is a legal name here, and names don't tell "a" from "A": a hash of it keeps the accounts apart.</summary>
    private static string NameOf(VaultEntry entry) =>
        $"a-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(entry.Account.Value)))[..16]}-{entry.Name}";

    [LoggerMessage(Level = LogLevel.Error, Message = "Key Vault failed for entry {Entry} of account {Account}: {Failure}, {Reason}")]
    private partial void LogFault(string account, string entry, FailureKind failure, string reason);
}
