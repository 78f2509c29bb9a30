using System.Net;
using Microsoft.Extensions.Hosting;

namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>
/// Whether the vault is up, by its own word, which needs no login; and whether its engine is one that this app can use. At start the
/// second, and a token with a limit of uses, end the app: no call would ever succeed. A vault that is silent doesn't.
/// </summary>
internal sealed partial class VaultHealth(
    VaultHttp http, VaultSession session, IOptions<HashiCorpVaultOptions> options, TimeProvider clock, ILogger<VaultHealth> log) : IHostedService
{
    public const string Path = "sys/health";

    // The parameters make every state a 200: decided by fields, nothing is repeated in vain.
    private const string Question = Path + "?standbyok=true&perfstandbyok=true&sealedcode=200&uninitcode=200";

    private const string Version = "2";

    /// <summary>The engine has been seen to be right since this app started.</summary>
    public bool IsKnownFit { get; set; }

    private string Unfit =>
        $"{HashiCorpVaultOptions.Section}:Mount names '{options.Value.Mount}', which is not a KV version 2 engine. "
        + $"Name one, or upgrade it: vault kv enable-versioning {options.Value.Mount}.";

    /// <summary>A standby counts as up, since it passes requests on to the active node.</summary>
    public async Task<bool> IsUpAsync(CancellationToken cancellation) =>
        (await http.GetAsync(Question, token: null, cancellation)).TryGet(out var answer, out _)
        && answer is { IsSuccess: true, Body: { Initialized: true, Sealed: false } };

    /// <summary>Every token that may reach something on an engine may ask what it is; one that may not is left to find out by use.</summary>
    /// <returns><see cref="FailureKind.VaultRefused"/> for an engine that is certainly not KV version 2, or no login; null unless something is wrong.</returns>
    public async Task<Failure?> RefuseAsync(CancellationToken cancellation)
    {
        if (!(await session.GetAsync(cancellation)).TryGet(out var token, out var failure))
            return failure;
        if (!(await http.GetAsync($"sys/internal/ui/mounts/{options.Value.Mount}/x", token.Value, cancellation)).TryGet(out var answer, out failure))
            return failure;
        if (answer is not { Status: HttpStatusCode.OK, Body.Data: { } engine })
            return null;
        IsKnownFit = engine.Options?.Version == Version;
        return IsKnownFit ? null : RefuseEngine();
    }

    public Failure RefuseEngine()
    {
        IsKnownFit = false;
        LogUnfit(Unfit);
        return VaultHttp.Refused with { Detail = Unfit };
    }

    /// <exception cref="OptionsValidationException">The configured engine or token can't be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Value.AttemptTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var failure = await RefuseAsync(either.Token);
            if (failure == VaultLogin.Limited || failure?.Detail == Unfit)
                throw new OptionsValidationException(HashiCorpVaultOptions.Section, typeof(HashiCorpVaultOptions), [failure.Detail]);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogSilent(options.Value.AttemptTimeout);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Error, Message = "{Unfit}")]
    private partial void LogUnfit(string unfit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vault was silent for {Patience}: the app starts all the same")]
    private partial void LogSilent(TimeSpan patience);
}
