using System.Net;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Resilience;

/// <summary>A certificate is replaced while it is in use.</summary>
public sealed class RotationTests(AzuriteFixture azurite)
{
    private const int Forwards = 10_000;
    private const int Rotations = 10;

    [Fact]
    public async Task Ten_rotations_under_load_lose_none_of_ten_thousand_forwards()
    {
        await using var shared = new Resilient();
        await using var changing = await TestGateway.StartAsync(azurite, shared.First, Resilient.Quiet);
        await using var beside = await TestGateway.StartAsync(azurite, shared.Second(changing.Pki), Resilient.Quiet);
        await using var remote = await MtlsServer.StartAsync(changing.Pki);
        var demo = changing.As("demo");
        TestClient[] certificates = [.. Enumerable.Range(0, Rotations + 1).Select(_ => changing.Pki.IssueClient())];
        var id = await demo.UploadAsync(certificates[0], "name");
        await demo.MapAsync(remote.Url, id);
        using var atChanging = Load.Start(demo, remote);
        using var atBeside = Load.Start(beside.As("demo"), remote);
        Load[] loads = [atChanging, atBeside];

        for (var next = 1; next <= Rotations; next++)
        {
            await Task.WhenAll(loads.Select(load => load.PassAsync(Forwards / 2 / Rotations)));
            Assert.Equal(HttpStatusCode.OK, (await demo.UpdateAsync(id, certificates[next])).Status);
            // The instance that made the change doesn't lag at all.
            Assert.Equal(certificates[next].Thumbprint, (string?)(await demo.ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"]);
        }

        await Eventually.GetAsync(
            async () => (string?)(await beside.As("demo").ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"], seen => seen == certificates[^1].Thumbprint);
        Forwarded[] answers = [.. await loads[0].StopAsync(), .. await loads[1].StopAsync()];
        Load.NoneLost(answers);
        Assert.InRange(answers.Length, Forwards, int.MaxValue);
        Assert.Subset(new HashSet<string>([.. certificates.Select(one => one.Thumbprint)]), answers.Select(answer => answer.Thumbprint!).ToHashSet());
        Assert.Equal(certificates[^1].Thumbprint, (string?)(await beside.As("demo").ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"]);
    }

    [Fact]
    public async Task Broken_rotation_keeps_the_old_certificate()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, configure: Resilient.Quiet);
        await using var remote = await MtlsServer.StartAsync(gateway.Pki);
        var demo = gateway.As("demo");
        var old = gateway.Pki.IssueClient();
        var id = await demo.UploadAsync(old, "name");
        await demo.MapAsync(remote.Url, id);
        using var load = Load.Start(demo, remote);
        await load.PassAsync(50);

        (await demo.UpdateAsync(id, gateway.Pki.IssueClient(), password: "wrong")).IsProblem(HttpStatusCode.BadRequest, "p12-wrong-password");
        Directory.Move(gateway.VaultFolder, gateway.VaultFolder + ".away");
        var failed = await demo.UpdateAsync(id, gateway.Pki.IssueClient());
        Assert.Equal((HttpStatusCode.OK, 1), (failed.Status, failed.Json["failedSaveToVaultCertificates"]!.AsArray().Count));
        await load.PassAsync(50);
        Directory.Move(gateway.VaultFolder + ".away", gateway.VaultFolder);

        var answers = await load.StopAsync();
        Load.NoneLost(answers);
        Assert.All(answers, answer => Assert.Equal(old.Thumbprint, answer.Thumbprint));
    }

    [Fact]
    public async Task An_instance_that_cannot_load_the_new_version_goes_on_with_the_old_one_and_takes_the_new_one_when_it_can()
    {
        await using var shared = new Resilient();
        await using var changing = await TestGateway.StartAsync(azurite, shared.First, Resilient.Quiet);
        shared.MendLink();
        await using var cutOff = await TestGateway.StartAsync(azurite, shared.SecondByLink(changing.Pki), Resilient.Quiet);
        await using var remote = await MtlsServer.StartAsync(changing.Pki);
        var (old, next) = (changing.Pki.IssueClient(), changing.Pki.IssueClient());
        var id = await changing.As("demo").UploadAsync(old, "name");
        await changing.As("demo").MapAsync(remote.Url, id);
        using var load = Load.Start(cutOff.As("demo"), remote);
        await load.PassAsync(20);

        shared.CutLink();
        await changing.As("demo").UpdateAsync(id, next);
        // The instance knows of the new version: it says so, though it can't load it.
        await Eventually.GetAsync(
            async () => await cutOff.As("demo").PostAsync("/mtls/account/demo/explain", new JsonObject { ["serviceName"] = "WEBHOOKS", ["url"] = remote.Url }),
            answer => (int)answer.Json["version"]! == 2);
        await load.PassAsync(100);
        Assert.Equal(old.Thumbprint, (string?)(await cutOff.As("demo").ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"]);
        shared.MendLink();
        await Eventually.GetAsync(
            async () => (string?)(await cutOff.As("demo").ForwardAsync(HttpMethod.Get, remote.Url)).Json["thumbprint"], seen => seen == next.Thumbprint);

        var answers = await load.StopAsync();
        Load.NoneLost(answers);
        Assert.Subset(new HashSet<string>([old.Thumbprint, next.Thumbprint]), answers.Select(answer => answer.Thumbprint!).ToHashSet());
    }
}
