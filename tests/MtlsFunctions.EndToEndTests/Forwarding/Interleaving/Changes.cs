using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.Forwarding.Interleaving;

/// <summary>Changes what accounts have stored, as draws decide. Each is one call of the API.</summary>
/// <param name="common">Certificates that several accounts hold.</param>
internal sealed class Changes(IReadOnlyList<Place> places, IReadOnlyList<Trust> trusts, IReadOnlyList<TestClient> common, TestPki pki)
{
    private const int Certificates = 3;

    /// <summary>Kinds of change that each account goes through.</summary>
    private const int Kinds = 5;

    /// <summary>How often each was made.</summary>
    public ConcurrentDictionary<string, int> Made { get; } = new();

    /// <summary>What happens as soon as a change has been acknowledged.</summary>
    public Func<ChangingAccount, Draws, Task> Acknowledged { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Everything mapped, everywhere with a trust that holds.</summary>
    public async Task SetUpAsync(ChangingAccount account, Draws draws)
    {
        // From here on the gateway knows the account's revision.
        await Eventually.GetAsync(() => account.Client.ForwardAsync(HttpMethod.Get, "https://unknown.example/", headers: ("LP-stop-if-certificate-not-found", "true")), answer => answer.Status == HttpStatusCode.BadRequest);
        for (var uploaded = 0; uploaded < Certificates; uploaded++)
            await UploadAsync(account, draws, uploaded == 0 ? common[0] : NewClient());
        foreach (var place in places)
            await MapAsync(account, draws, place, draws.OneOf(account.Now.Certificates).Id, draws.OneOf([.. trusts.Where(trust => trust.Believes(place))]));
    }

    /// <summary>Some of the kinds of change; accounts with numbers that follow each other take turns at all of them.</summary>
    public async Task MakeAsync(int number, ChangingAccount account, Draws draws)
    {
        Func<ChangingAccount, Draws, Task>[] kinds =
            [ReplaceAsync, RollBackAsync, SwitchCertificateAsync, RemapAsync, TrustAsync, SwitchMappingAsync, MapAnewAsync, DeleteCertificateAsync, DeleteUsedCertificateAsync];
        for (var kind = number * Kinds; kind < (number + 1) * Kinds; kind++)
            await kinds[kind % kinds.Length](account, draws);
    }

    private Task ReplaceAsync(ChangingAccount account, Draws draws) => ReplaceAsync(account, draws, draws.OneOf(account.Now.Certificates));

    private async Task RollBackAsync(ChangingAccount account, Draws draws)
    {
        if (account.Now.Certificates.TrueForAll(held => held.Versions.Count == 1))
            await ReplaceAsync(account, draws);
        var certificate = account.Now.Certificates.Find(held => held.Versions.Count > 1)!;
        var version = draws.OneOf([.. Enumerable.Range(1, certificate.Versions.Count).Where(version => version != certificate.Current)]);
        await PostAsync("certificate.rollback", account, draws, $"rollback/{version}", certificate with { Current = version });
    }

    private async Task SwitchCertificateAsync(ChangingAccount account, Draws draws)
    {
        var certificate = draws.OneOf([.. account.Now.Certificates.Where(account.Now.IsUsed)]);
        await PostAsync("certificate.disable", account, draws, "disable", certificate with { Disabled = true });
        await PostAsync("certificate.enable", account, draws, "enable", certificate);
    }

    private Task RemapAsync(ChangingAccount account, Draws draws)
    {
        var (place, mapping) = OneOf(account, draws);
        return UpdateAsync("mapping.certificate", account, draws, place, mapping with { Certificate = AnotherThan(mapping.Certificate, account, draws) });
    }

    private async Task TrustAsync(ChangingAccount account, Draws draws)
    {
        var (place, mapping) = OneOf(account, draws);
        await UpdateAsync("mapping.trust", account, draws, place, mapping with { Trust = draws.OneOf([.. trusts.Where(trust => !trust.Believes(place))]) });
        await UpdateAsync("mapping.trust", account, draws, place, mapping with { Trust = draws.OneOf([.. trusts.Where(trust => trust.Believes(place))]) });
    }

    private async Task SwitchMappingAsync(ChangingAccount account, Draws draws)
    {
        var (place, mapping) = OneOf(account, draws);
        await UpdateAsync("mapping.disable", account, draws, place, mapping with { Enabled = false });
        await UpdateAsync("mapping.enable", account, draws, place, mapping);
    }

    private async Task MapAnewAsync(ChangingAccount account, Draws draws)
    {
        var (place, mapping) = OneOf(account, draws);
        await DeleteAsync("mapping.delete", account, draws, $"{account.Client.MappingsPath}/{mapping.Id}", stored => stored with { Mappings = stored.Mappings.Remove(place) });
        var next = draws.OneOf(account.Now.Certificates).Id;
        await (mapping.Trust == trusts[0] ? ActivateAsync(account, draws, place, next) : MapAsync(account, draws, place, next, mapping.Trust));
    }

    // Whatever was mapped to it goes on with another one.
    private async Task DeleteCertificateAsync(ChangingAccount account, Draws draws)
    {
        var certificate = draws.OneOf(account.Now.Certificates);
        foreach (var place in places.Where(place => account.Now.Mappings[place].Certificate == certificate.Id))
            await UpdateAsync("mapping.certificate", account, draws, place, account.Now.Mappings[place] with { Certificate = AnotherThan(certificate.Id, account, draws) });
        await DeleteAsync(
            "certificate.delete", account, draws, $"{account.Client.CertificatesPath}/{certificate.Id}", stored => stored with { Certificates = stored.Certificates.Remove(certificate) });
        await UploadAsync(account, draws, Next(draws));
    }

    private Task DeleteUsedCertificateAsync(ChangingAccount account, Draws draws) => DeleteAsync(
        "certificate.delete refused", account, draws, $"{account.Client.CertificatesPath}/{OneOf(account, draws).Mapping.Certificate}", stored => stored, HttpStatusCode.Conflict);

    private Task UploadAsync(ChangingAccount account, Draws draws, TestClient client) => ChangeAsync(
        "certificate.upload", account, draws, () => account.Client.UploadAsync(client.Pkcs12, $"{Guid.NewGuid():N}", client.Password), HttpStatusCode.Created,
        (stored, answer) => stored with
        {
            Certificates = stored.Certificates.Add(new Held((long)answer.Json["successfulySavedCertificates"]![0]!["id"]!, [client.Thumbprint], 1, Disabled: false)),
        });

    private Task ReplaceAsync(ChangingAccount account, Draws draws, Held certificate) => ReplaceAsync(account, draws, certificate, Next(draws));

    private Task ReplaceAsync(ChangingAccount account, Draws draws, Held certificate, TestClient client) => ChangeAsync(
        "certificate.replace", account, draws, () => account.Client.UpdateAsync(certificate.Id, client, name: $"{certificate.Id}"), HttpStatusCode.OK,
        (stored, answer) =>
        {
            Assert.Single(answer.Json["successfulySavedCertificates"]!.AsArray());
            return stored.With(certificate with { Versions = certificate.Versions.Add(client.Thumbprint), Current = certificate.Versions.Count + 1 });
        });

    private Task PostAsync(string kind, ChangingAccount account, Draws draws, string verb, Held next) => ChangeAsync(
        kind, account, draws, () => account.Client.SendAsync(HttpMethod.Post, $"{account.Client.CertificatesPath}/{next.Id}/{verb}"), HttpStatusCode.OK, (stored, _) => stored.With(next));

    private Task DeleteAsync(string kind, ChangingAccount account, Draws draws, string path, Func<Stored, Stored> make, HttpStatusCode status = HttpStatusCode.OK) =>
        ChangeAsync(kind, account, draws, () => account.Client.SendAsync(HttpMethod.Delete, path), status, (stored, _) => make(stored));

    private Task MapAsync(ChangingAccount account, Draws draws, Place place, long id, Trust trust) => ChangeAsync(
        "mapping.create", account, draws, () => account.Client.PostAsync(account.Client.MappingsPath, new JsonArray(Mapping(place, new Mapped(0, id, Enabled: true, trust)))), HttpStatusCode.Created,
        (stored, answer) => stored.With(place, new Mapped((long)answer.Json[0]!["id"]!, id, Enabled: true, trust)));

    private Task ActivateAsync(ChangingAccount account, Draws draws, Place place, long id) => ChangeAsync(
        "certificate.activate", account, draws, () => account.Client.PostAsync(
            $"{account.Client.CertificatesPath}/activate/{id}", new JsonObject { ["serviceName"] = place.Service, ["url"] = place.Url }), HttpStatusCode.Created,
        (stored, answer) => stored.With(place, new Mapped((long)answer.Json["id"]!, id, Enabled: true, trusts[0])));

    private Task UpdateAsync(string kind, ChangingAccount account, Draws draws, Place place, Mapped next) => ChangeAsync(
        kind, account, draws, () => account.Client.SendAsync(HttpMethod.Put, $"{account.Client.MappingsPath}/{next.Id}", JsonContent.Create(Mapping(place, next))), HttpStatusCode.OK,
        (stored, _) => stored.With(place, next));

    private async Task ChangeAsync(string kind, ChangingAccount account, Draws draws, Func<Task<Answer>> call, HttpStatusCode status, Func<Stored, Answer, Stored> make)
    {
        await account.ChangeAsync(async stored =>
        {
            var answer = await call();
            Assert.True(answer.Status == status, $"{kind} of {account.Name}: {answer.Status} {answer.Text}");
            return make(stored, answer);
        });
        Made.AddOrUpdate(kind, 1, (_, made) => made + 1);
        await Acknowledged(account, draws);
    }

    private static JsonObject Mapping(Place place, Mapped mapped)
    {
        var mapping = GatewayClient.Mapping(place.Url, mapped.Certificate, place.ServiceId);
        mapping["enable"] = mapped.Enabled;
        // Empty takes away what a mapping had; null would leave it.
        mapping["trustedCa"] = mapped.Trust.Pem ?? "";
        return mapping;
    }

    private (Place Place, Mapped Mapping) OneOf(ChangingAccount account, Draws draws)
    {
        var place = draws.OneOf(places);
        return (place, account.Now.Mappings[place]);
    }

    private static long AnotherThan(long certificate, ChangingAccount account, Draws draws) =>
        draws.OneOf([.. account.Now.Certificates.Where(held => held.Id != certificate)]).Id;

    private TestClient Next(Draws draws) => draws.OneIn(3) ? draws.OneOf(common) : NewClient();

    private TestClient NewClient() => pki.IssueClient(configure: options => options.Iterations = options.MacIterations = 1);
}
