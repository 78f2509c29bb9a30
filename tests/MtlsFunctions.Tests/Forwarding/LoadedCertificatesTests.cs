using MtlsFunctions.Certificates;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Forwarding;

/// <summary>One certificate, several trusts.</summary>
public sealed class LoadedCertificatesTests
{
    private static readonly ForwardingOptions Settings = new();

    private readonly LoadedCertificates loaded = new();
    private readonly byte[] stored;
    private int loads;

    public LoadedCertificatesTests()
    {
        using var certificate = new ClientCertificate(new TestPki().IssueClient().Certificate, []);
        stored = certificate.ToPkcs12();
    }

    [Fact]
    public async Task Trusts_of_one_certificate_share_its_key_and_the_last_one_ends_it()
    {
        var certificates = new List<ClientCertificate>();
        foreach (var trust in new[] { null, "a", "b" })
            certificates.Add(The.Of(await loaded.RentAsync(Key(trust), LoadAsync)));

        Assert.Equal(1, loads);
        Assert.Single(certificates.Select(one => one.Leaf).Distinct());
        certificates[0].Dispose();
        certificates[0].Dispose();
        certificates[1].Dispose();
        Assert.NotEqual(IntPtr.Zero, certificates[2].Leaf.Handle);
        Assert.Equal(1, loaded.Count);

        certificates[2].Dispose();
        Assert.Equal(IntPtr.Zero, certificates[2].Leaf.Handle);
        Assert.Equal(0, loaded.Count);
    }

    [Fact]
    public async Task However_many_ask_at_once_it_is_loaded_once()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asking = Enumerable.Range(0, 50).Select(trust => loaded.RentAsync(Key($"{trust}"), async () =>
        {
            await gate.Task;
            return await LoadAsync();
        })).ToArray();
        gate.SetResult();
        var certificates = await Task.WhenAll(asking);

        Assert.Equal(1, loads);
        foreach (var certificate in certificates)
            The.Of(certificate).Dispose();
        Assert.Equal(0, loaded.Count);
    }

    [Fact]
    public async Task A_failure_is_not_kept_and_another_version_or_account_is_another_certificate()
    {
        The.FailureOf(FailureKind.VaultUnavailable, await loaded.RentAsync(
            Key(null), () => Task.FromResult<Outcome<ClientCertificate>>(new Failure(FailureKind.VaultUnavailable, "Down."))));
        await Assert.ThrowsAsync<InvalidOperationException>(() => loaded.RentAsync(Key(null), () => throw new InvalidOperationException()));
        Assert.Equal(0, loaded.Count);

        foreach (var key in new[] { Key(null), Key(null) with { Version = 2 }, Key(null) with { Thumbprint = "b" }, Key(null) with { Account = The.Account("other") } })
            The.Of(await loaded.RentAsync(key, LoadAsync));
        Assert.Equal(4, loads);
    }

    private static HandlerKey Key(string? trust) => new(Settings, The.Account(), 1, "a", 1, trust);

    private Task<Outcome<ClientCertificate>> LoadAsync()
    {
        loads++;
        return Task.FromResult<Outcome<ClientCertificate>>(ClientCertificate.FromVault(stored));
    }
}
