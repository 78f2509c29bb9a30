using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FunctionsTestHost;
using Microsoft.Extensions.Configuration;
using MtlsFunctions.LocalHost;

namespace MtlsFunctions.Benchmarks;

/// <summary>
/// The published app under the Functions host of our own: start, memory, and CPU of its process for a warm forward beside its
/// <c>/health</c>, the nearest that it has to an empty function. Variants take turns; host, callers and sandbox are another
/// process, and not counted.
/// </summary>
internal sealed class WorkerCost(string folder, RunningLocalHost local) : IDisposable
{
    private const int Callers = 4;
    private const int Warm = 4000;
    private const int Each = 1500;
    private const int Rounds = 7;
    private const int Starts = 3;
    private const string Service = "WEBHOOKS";

    private readonly HttpClient http = new();
    private readonly string target = $"{local.Session.SandboxUrl}/orders";

    private SessionAccount Account => local.Session.Accounts["demo"];

    /// <param name="folder">Where <c>.ci/publish</c> put the app.</param>
    public static async Task RunAsync(string folder)
    {
        var defaults = LocalSettings.Read("none");
        await using var local = await RunningLocalHost.StartAsync(Flags.Parse(["--ephemeral"]), defaults, Console.Error.WriteLine, default);
        using var cost = new WorkerCost(folder, local);
        await cost.MeasureAsync();
    }

    public void Dispose() => http.Dispose();

    private async Task MeasureAsync()
    {
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Account.Bearer);
        await MapAsync();
        await StartsAsync();
        Console.WriteLine("| variant | resident MB warm | CPU µs of /health: median, least | CPU µs of a forward: median, least | forward to /health |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        await using var plain = await VariantAsync("as it is", []);
        await using var batch = await VariantAsync("SCHED_BATCH", []);
        await using var silent = await VariantAsync("no log at all", new() { ["Logging__LogLevel__Default"] = "None" });
        using (var asked = Process.Start("chrt", ["--all-tasks", "--batch", "--pid", "0", $"{batch.Host.ProcessId}"]))
            await asked.WaitForExitAsync();
        Variant[] variants = [plain, batch, silent];
        foreach (var variant in variants)
        {
            await LoadAsync(variant, Warm, ForwardAsync);
            await LoadAsync(variant, Warm, HealthAsync);
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var variant in variants)
            {
                variant.Health.Add(await LoadAsync(variant, Each, HealthAsync));
                variant.Forward.Add(await LoadAsync(variant, Each, ForwardAsync));
            }
        }

        foreach (var variant in variants)
            Console.WriteLine(variant.Row());
    }

    private async Task StartsAsync()
    {
        var (answered, forwarded) = (new List<double>(), new List<double>());
        // The first one reads the files from disk.
        for (var start = 0; start <= Starts; start++)
        {
            await using var started = await VariantAsync("start", []);
            if (start == 0)
                continue;
            answered.Add(started.Answered.TotalMilliseconds);
            forwarded.Add(started.Forwarded.TotalMilliseconds);
        }

        Console.WriteLine($"First answer after {Of(answered)} ms, first forward after {Of(forwarded)} ms, medians of {Starts} starts.");

        static string Of(List<double> values) => FormattableString.Invariant($"{Variant.Median(values):F0} ({values.Min():F0} to {values.Max():F0})");
    }

    private async Task MapAsync()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(await File.ReadAllBytesAsync(Account.P12Path)), "file", "client.p12" },
            { JsonContent.Create(new { name = "worker", password = Account.P12Password }), "certificate" },
        };
        var gateway = local.Session.BaseUrl;
        using var saved = await http.PostAsync($"{gateway}/mtls/account/demo/certificates/by-file", form);
        var answer = JsonNode.Parse(await saved.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
        var id = answer["successfulySavedCertificates"]![0]!["id"]!.ToString();
        object[] mapping = [new { name = "worker", url = target, serviceId = "2", enable = true, certificationId = id }];
        using var mapped = await http.PostAsJsonAsync($"{gateway}/api/account/demo/configuration/ac-common/mtls", mapping);
        mapped.EnsureSuccessStatusCode();
    }

    private async Task<Variant> VariantAsync(string name, Dictionary<string, string?> more)
    {
        var settings = local.Settings.AsEnumerable().Where(setting => setting.Value is not null)
            .Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value));
        var since = Stopwatch.StartNew();
        var host = await FunctionsHost.StartAsync(
            new FunctionsHostOptions
            {
                AppDirectory = folder,
                Environment = settings.Concat(more).GroupBy(one => one.Key).ToDictionary(one => one.Key, one => one.Last().Value),
            },
            default);
        try
        {
            await HealthAsync(host);
            var answered = since.Elapsed;
            await ForwardAsync(host);
            return new Variant(name, host, answered, since.Elapsed);
        }
        catch
        {
            Console.Error.WriteLine(host.Output);
            await host.DisposeAsync();
            throw;
        }
    }

    /// <returns>CPU of the worker's process for a request, in microseconds.</returns>
    private static async Task<double> LoadAsync(Variant variant, int requests, Func<FunctionsHost, Task> send)
    {
        using var worker = Process.GetProcessById(variant.Host.ProcessId);
        var before = worker.TotalProcessorTime;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var sent = 0; sent < requests / Callers; sent++)
                await send(variant.Host);
        }));
        worker.Refresh();
        return (worker.TotalProcessorTime - before).TotalMicroseconds / requests;
    }

    private async Task HealthAsync(FunctionsHost host)
    {
        using var answer = await http.GetAsync($"{host.Url}/health");
        answer.EnsureSuccessStatusCode();
    }

    private async Task ForwardAsync(FunctionsHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{host.Url}/mtls/account/demo");
        request.Headers.Add("LP-forward-url", target);
        request.Headers.Add("LP-service-name", Service);
        request.Headers.Add("LP-stop-if-certificate-not-found", "true");
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private sealed record Variant(string Name, FunctionsHost Host, TimeSpan Answered, TimeSpan Forwarded) : IAsyncDisposable
    {
        public List<double> Health { get; } = [];

        public List<double> Forward { get; } = [];

        public string Row()
        {
            using var worker = Process.GetProcessById(Host.ProcessId);
            var (health, forward) = (Median(Health), Median(Forward));
            return FormattableString.Invariant(
                $"| {Name} | {worker.WorkingSet64 / 1_000_000} | {health:F0}, {Health.Min():F0} | {forward:F0}, {Forward.Min():F0} | {forward / health:F2} |");
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();

        public static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }
}
