namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>
/// The vault's own word on its state, which needs no login. The parameters make every state a 200: decided by fields, nothing is
/// repeated in vain. A standby counts as up, since it passes requests on to the active node.
/// </summary>
internal static class VaultHealth
{
    public const string Path = "sys/health";

    private const string Question = Path + "?standbyok=true&perfstandbyok=true&sealedcode=200&uninitcode=200";

    public static async Task<bool> IsUpAsync(VaultHttp http, CancellationToken cancellation) =>
        (await http.GetAsync(Question, token: null, cancellation)).TryGet(out var answer, out _)
        && answer is { IsSuccess: true, Body: { Initialized: true, Sealed: false } };
}
