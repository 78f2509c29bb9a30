using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MtlsFunctions.EndToEndTests.Contract;
using MtlsFunctions.Shared;

namespace MtlsFunctions.EndToEndTests.HostileInput;

/// <summary>
/// A gateway under attack, by somebody whose credentials are good. Its account has one thing of each kind, and after every attack
/// it must have exactly these.
/// </summary>
public sealed class HostileGateway(AzuriteFixture azurite) : IAsyncLifetime
{
    public const string Account = "demo";

    /// <summary>Stands in whatever is sent; must be in no answer and no log line.</summary>
    public const string Secret = "hunter2-is-my-secret";

    private static readonly string[] Inside = ["   at ", "Exception", "System.", "MtlsFunctions.", AppContext.BaseDirectory, Secret];

    private TestGateway? gateway;
    private MtlsServer? remote;
    private string before = "";
    private int logged;

    public TestGateway Gateway => gateway!;

    /// <summary>What the account's one mapping leads to, for WEBHOOKS.</summary>
    public MtlsServer Remote => remote!;

    public GatewayClient Demo => Gateway.As(Account);

    /// <summary>For requests that are written by hand.</summary>
    public string Authorization => $"Authorization: Bearer {Gateway.Issuer.Token(Account, "MTLS_WRITE_INTERNAL")}";

    public IReadOnlyList<ApiOperation> Operations { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Operations = (await ApiDocument.ServedAsync()).Operations;
        gateway = await TestGateway.StartAsync(azurite);
        remote = await MtlsServer.StartAsync(gateway.Pki);
        await Demo.MapAsync(remote.Url, await Demo.UploadAsync(gateway.Pki.IssueClient()));
        await Demo.CreateAppKeyAsync("MTLS_FORWARD");
        before = await StateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (remote is not null)
            await remote.DisposeAsync();
        if (gateway is not null)
            await gateway.DisposeAsync();
    }

    /// <summary>Fails the test unless every answer is a clear refusal, nothing is stored, nothing is told, and nothing surprised the gateway.</summary>
    /// <param name="byServer">The server itself may refuse, without a body, what never reaches a function.</param>
    public async Task AreRefusedAsync(IEnumerable<(string What, Answer Answer)> answers, bool byServer = false)
    {
        var faults = answers.SelectMany(one => FaultsOf(one.Answer, byServer).Select(fault => $"{one.What}: {fault}")).ToList();
        if (await StateAsync() != before)
            faults.Add("something was stored");
        var log = Gateway.Log.Lines.Skip(logged).ToArray();
        logged += log.Length;
        faults.AddRange(log.Where(line => line.Level >= LogLevel.Error || line.Text.Contains(Secret, StringComparison.Ordinal)).Select(line => line.Text));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static IEnumerable<string> FaultsOf(Answer answer, bool byServer)
    {
        if ((int)answer.Status is < 400 or > 499)
            yield return $"is answered {(int)answer.Status}: {answer.Text}";
        else if (answer.Body.Length == 0 ? !byServer : !IsProblem(answer))
            yield return $"{(int)answer.Status} without a problem: {answer.Text}";
        foreach (var leak in Inside.Where(inside => answer.Text.Contains(inside, StringComparison.Ordinal)))
            yield return $"the answer tells '{leak}': {answer.Text}";
    }

    private static bool IsProblem(Answer answer) =>
        answer.Header("Content-Type") == "application/problem+json" && answer.Json is JsonObject problem && (int?)problem["status"] == (int)answer.Status
        && ((string?)problem["detail"])?.Length > 0;

    private async Task<string> StateAsync()
    {
        var parts = new List<string>();
        foreach (var path in new[] { Demo.CertificatesPath, Demo.MappingsPath, $"/mtls/account/{Account}/app-keys" })
        {
            var answer = await Demo.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            parts.Add($"{answer.Header("ac-revision")} {answer.Text}");
        }

        return string.Join('\n', parts);
    }
}

/// <summary>One for all of these tests, which therefore run one after another.</summary>
[CollectionDefinition(nameof(HostileGateway))]
public sealed class HostileGatewayCollection : ICollectionFixture<HostileGateway>;
