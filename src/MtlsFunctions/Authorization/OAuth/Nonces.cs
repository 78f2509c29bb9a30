using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MtlsFunctions.Authorization.OAuth;

/// <summary>Remembers a nonce that all instances can see.</summary>
/// <returns>False when it was there before.</returns>
/// <exception cref="DependencyUnavailableException">Nobody can say.</exception>
public delegate Task<bool> AddSharedNonce(DateTimeOffset timestamp, string consumerKey, string hash, CancellationToken cancellation);

/// <summary>
/// Each nonce counts once within the timestamp window: in a table that all instances share, or, while that is down, in this
/// instance's memory, and then only for timestamps since its start, because it can't know what others saw before.
/// </summary>
public sealed partial class Nonces(AddSharedNonce shared, IOptions<OAuthOptions> options, TimeProvider clock, ILogger<Nonces> log)
{
    private readonly DateTimeOffset started = clock.GetUtcNow();
    private readonly NonceMemory seen = new(options.Value.MaxNonces, options.Value.TimestampWindow * 2, clock);

    /// <returns>Why the request is refused; null when its nonce is new.</returns>
    public async ValueTask<Failure?> UseAsync(OAuthHeader header, CancellationToken cancellation)
    {
        var hash = Hash(header);
        var remembered = seen.Add(ConsumerKey.Parse(header.ConsumerKey)?.Account.Value ?? header.ConsumerKey, hash);
        if (remembered == NonceFound.Known)
            return Replayed();
        if (options.Value.SharedNonces)
        {
            try
            {
                return await shared(header.Timestamp, header.ConsumerKey, hash, cancellation) ? null : Replayed();
            }
            catch (DependencyUnavailableException fault) when (!options.Value.RequireSharedNonces)
            {
                LogAlone(fault);
            }
        }

        if (remembered == NonceFound.Full)
            return new Failure(FailureKind.StorageUnavailable, "Too many signed requests at once: try again in a moment.");
        return header.Timestamp >= started - TimeSpan.FromSeconds(1)
            ? null
            : new Failure(FailureKind.Unauthorized, "oauth_timestamp is from before this instance's start: sign the request anew.");
    }

    // RFC 5849 section 3.3: unique for the same timestamp, client and token.
    private static string Hash(OAuthHeader header) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{header.ConsumerKey}\n{header.Token}\n{header.Timestamp.ToUnixTimeSeconds()}\n{header.Nonce}"))));

    private static Failure Replayed() => new(FailureKind.Unauthorized, "This nonce was used before: sign each request anew.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "The shared nonces can't be reached; this instance goes on with its own memory")]
    private partial void LogAlone(Exception fault);
}
