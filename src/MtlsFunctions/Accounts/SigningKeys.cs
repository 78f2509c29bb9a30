using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;
using MtlsFunctions.Authorization;
using MtlsFunctions.Storage;

namespace MtlsFunctions.Accounts;

/// <summary>The keys that sign our own tokens. They live in the vault; each signs for a while, and its tokens are believed until they end.</summary>
public sealed partial class SigningKeys(GatewayKeys keys, IOptions<AccountOptions> options, TimeProvider clock, ILogger<SigningKeys> log) : ISigningKeySource
{
    private const string Purpose = "token-signing";
    private const int RsaBits = 2048;

    // Another instance's new key is noticed by its unknown id, so this only bounds how long one that was taken away stays.
    private static readonly TimeSpan CacheTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RefetchInterval = TimeSpan.FromSeconds(1);

    private readonly Lock sync = new();
    private volatile Fetched? known;
    private Task fetching = Task.CompletedTask;
    private DateTimeOffset lastTry = DateTimeOffset.MinValue;
    private long fetches;

    public async Task<Outcome<SigningCredentials>> CurrentAsync(CancellationToken cancellation)
    {
        if (!(await keys.CurrentAsync(Purpose, options.Value.SigningKeyLifetime, NewKey, cancellation)).TryGet(out var row, out var failure))
            return failure;
        if (!(await keys.LoadAsync(row)).TryGet(out var certificate, out failure))
            return failure;
        var id = KeyId(row);
        // What it signs must hold here at once, also where somebody looked a moment before the key was made.
        if (known?.Keys.Any(key => key.KeyId == id) != true)
            await FetchAsync();
        return new SigningCredentials(new RsaSecurityKey(certificate.GetRSAPrivateKey()) { KeyId = id }, SecurityAlgorithms.RsaSha256);
    }

    /// <remarks>Known keys are looked at again beside the requests, so that an outage of table or vault takes them from nobody.</remarks>
    public async ValueTask<IReadOnlyCollection<SecurityKey>?> GetAsync(CancellationToken cancellation)
    {
        if (known is not { } now)
            await FetchIfDue().WaitAsync(cancellation);
        else if (clock.GetUtcNow() - now.At >= CacheTime)
            _ = FetchIfDue();
        return known?.Keys;
    }

    public async ValueTask<IReadOnlyCollection<SecurityKey>?> GetNewerThanAsync(IReadOnlyCollection<SecurityKey> known, CancellationToken cancellation)
    {
        if (ReferenceEquals(this.known?.Keys, known))
            await FetchIfDue().WaitAsync(cancellation);
        return this.known?.Keys;
    }

    public async Task<bool> IsReachableAsync(CancellationToken cancellation) => (await ReadAsync(cancellation)).TryGet(out _, out _);

    // One at a time for all who wait, and not again for a moment: a flood of bad tokens stays cheap.
    private Task FetchIfDue()
    {
        lock (sync)
        {
            if (!fetching.IsCompleted || clock.GetUtcNow() - lastTry < RefetchInterval)
                return fetching;
            lastTry = clock.GetUtcNow();
            return fetching = FetchAsync();
        }
    }

    private async Task FetchAsync()
    {
        var begun = Interlocked.Increment(ref fetches);
        try
        {
            if (!(await ReadAsync(CancellationToken.None)).TryGet(out var read, out var failure))
            {
                LogNotLoaded(failure.Kind);
                return;
            }

            lock (sync)
            {
                // One that began earlier may lack a key.
                if (known is null || known.Begun < begun)
                    known = new Fetched(read, clock.GetUtcNow(), begun);
            }
        }
        catch (Exception fault)
        {
            // Whatever it is, the keys that are known stay; without any, tokens get 503.
            LogNotRead(fault);
        }
    }

    private async Task<Outcome<SecurityKey[]>> ReadAsync(CancellationToken cancellation)
    {
        // A key's last tokens end one session after it stopped signing.
        var oldest = clock.GetUtcNow() - options.Value.SigningKeyLifetime - options.Value.SessionLifetime - options.Value.TokenLifetime;
        var read = new List<SecurityKey>();
        foreach (var row in (await keys.ListAsync(Purpose, cancellation)).Where(row => row.Created > oldest))
        {
            if (!(await keys.LoadAsync(row)).TryGet(out var certificate, out var failure))
            {
                // One that the vault has lost takes its own tokens with it, not those of the others.
                if (failure.Kind == FailureKind.VaultEntryMissing)
                    continue;
                return failure;
            }

            read.Add(new RsaSecurityKey(certificate.GetRSAPublicKey()!.ExportParameters(includePrivateParameters: false)) { KeyId = KeyId(row) });
        }

        return read.ToArray();
    }

    private static string KeyId(GatewayKeyRow row) => row.Id.ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    private static (AsymmetricAlgorithm, CertificateRequest) NewKey()
    {
        var key = RSA.Create(RsaBits);
        return (key, new CertificateRequest("CN=MtlsFunctions token signing", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private sealed record Fetched(IReadOnlyCollection<SecurityKey> Keys, DateTimeOffset At, long Begun);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The signing keys could not be read; those known stay in use")]
    private partial void LogNotRead(Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A signing key could not be loaded from the vault ({Kind}); those known stay in use")]
    private partial void LogNotLoaded(FailureKind kind);
}
