using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using MtlsFunctions.Accounts;
using MtlsFunctions.Certificates;
using MtlsFunctions.CertificateVaults;
using MtlsFunctions.Storage;
using MtlsFunctions.Tests.CertificateVaults;

namespace MtlsFunctions.Tests.Accounts;

/// <summary>Loading the gateway's own keys from the vault.</summary>
public sealed class GatewayKeysTests
{
    private static readonly GatewayKeyRow Row = new() { Id = 1, VaultName = "entry", VaultVersion = "1" };

    private readonly Queue<Func<Outcome<byte[]>>> answers = new();

    [Fact]
    public async Task A_key_is_loaded_once_for_all()
    {
        var stored = Stored();
        answers.Enqueue(() => stored);
        var keys = Make();

        var loaded = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => keys.LoadAsync(Row)));

        Assert.Single(loaded.Select(outcome => outcome.TryGet(out var certificate, out _) ? certificate : null).Distinct());
        Assert.Empty(answers);
    }

    [Fact]
    public async Task A_failure_is_never_kept_whether_the_vault_is_down_or_answers_nonsense()
    {
        var stored = Stored();
        answers.Enqueue(() => new Failure(FailureKind.VaultUnavailable, ""));
        answers.Enqueue(() => "nonsense"u8.ToArray());
        answers.Enqueue(() => stored);
        var keys = Make();

        Assert.Equal(FailureKind.VaultUnavailable, await FailureAsync(keys));
        Assert.Equal(FailureKind.VaultEntryMissing, await FailureAsync(keys));

        Assert.True((await keys.LoadAsync(Row)).TryGet(out var certificate, out _) && certificate.HasPrivateKey);
    }

    [Fact]
    public async Task Another_key_in_its_place_is_missing()
    {
        var (own, other) = (Stored(), Stored());
        answers.Enqueue(() => other);
        answers.Enqueue(() => own);
        var row = new GatewayKeyRow { Id = 1, VaultName = "entry", VaultVersion = "1", Thumbprint = VaultSamples.ThumbprintOf(own) };
        var keys = Make();

        The.FailureOf(FailureKind.VaultEntryMissing, await keys.LoadAsync(row));
        The.Of(await keys.LoadAsync(row));
    }

    private static async Task<FailureKind?> FailureAsync(GatewayKeys keys) => (await keys.LoadAsync(Row)).TryGet(out _, out var failure) ? null : failure.Kind;

    private GatewayKeys Make()
    {
        var vault = new Mock<ICertificateVault>(MockBehavior.Strict);
        vault.Setup(one => one.LoadAsync(It.IsAny<VaultEntry>(), "1", It.IsAny<CancellationToken>())).ReturnsAsync(() => answers.Dequeue()());
        return new GatewayKeys(new AccountTable(Mock.Of<TableClient>()), vault.Object, TimeProvider.System, NullLogger<GatewayKeys>.Instance);
    }

    private static byte[] Stored()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256).CreateSelfSigned(now, now.AddDays(1));
        using var client = new ClientCertificate(certificate, []);
        return client.ToPkcs12();
    }
}
