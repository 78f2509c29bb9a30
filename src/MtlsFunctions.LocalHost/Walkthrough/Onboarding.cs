using System.Text.Json;
using System.Text.Json.Nodes;

namespace MtlsFunctions.LocalHost.Walkthrough;

/// <summary>The onboarding as a user goes through it, over HTTP; ends with the proof that the remote endpoint saw the uploaded certificate.</summary>
public static class Onboarding
{
    /// <returns>True only when every step answered as it should and the sandbox saw the uploaded certificate.</returns>
    public static async Task<bool> RunAsync(Session session, TextWriter output, CancellationToken cancellation)
    {
        var demo = session.Accounts["demo"];
        // Its own names each time, so that it can be repeated on data that was kept.
        var run = Guid.NewGuid().ToString("N")[..8];
        var url = $"{session.SandboxUrl}/orders/{run}?customer=42";
        var triplet = new JsonObject { ["serviceName"] = "WEBHOOKS", ["accountId"] = demo.AccountId, ["url"] = url };
        var gateway = $"{session.BaseUrl}/mtls/account/{demo.AccountId}";
        using var steps = new Steps(session, demo, output);
        await steps.IntroduceAsync();

        var tested = await steps.SendAsync("Test the p12", Step.Post($"{gateway}/p12-test/multipart")
            .File("file", demo.P12Path).Part("password", demo.P12Password, Steps.PasswordVariable), 200, cancellation);
        var saved = await steps.SendAsync("Upload it", Step.Post($"{gateway}/certificates/by-file")
            .File("file", demo.P12Path).Json("certificate", new JsonObject { ["name"] = $"walkthrough {run}", ["password"] = demo.P12Password }), 201, cancellation);
        var certificate = saved?["successfulySavedCertificates"]?[0];
        await steps.SendAsync("Map it: WEBHOOKS and this URL use it", Step.Post($"{session.BaseUrl}/api/account/{demo.AccountId}/configuration/ac-common/mtls?v=3.0")
            .Body(new JsonArray(new JsonObject
            {
                ["name"] = $"walkthrough {run}",
                ["url"] = url,
                ["serviceId"] = "2",
                ["enable"] = true,
                ["certificationId"] = certificate?["id"]?.ToString(),
            })), 201, cancellation);

        var first = await steps.SendAsync("Check the mapping, first form",
            Step.Post($"{session.BaseUrl}/mtls/mapping?v=1").Body(new JsonArray(triplet.DeepClone())), 200, cancellation);
        var second = await steps.SendAsync("Check the mapping, second form",
            Step.Post($"{session.BaseUrl}/mtls/mapping?v=2").Body(new JsonArray(triplet.DeepClone())), 200, cancellation);
        var scoped = await steps.SendAsync("Check the mapping, for this account",
            Step.Post($"{session.BaseUrl}/api/account/{demo.AccountId}/checks/serviceUrlMappings").Body(new JsonArray(triplet.DeepClone())), 200, cancellation);

        var got = await steps.SendAsync("Forward a GET",
            Step.Get(gateway).Header("LP-forward-url", url).Header("LP-service-name", "WEBHOOKS").Header("LP-stop-if-certificate-not-found", "true"), 200, cancellation);
        var posted = await steps.SendAsync("Forward a POST",
            Step.Post(gateway).Header("LP-forward-url", url).Header("LP-service-name", "WEBHOOKS").Body(new JsonObject { ["hello"] = "world" }), 200, cancellation);

        var uploaded = certificate?["thumbprint"]?.ToString();
        string?[] seen = [tested?["thumbprint"]?.ToString(), got?["thumbprint"]?.ToString(), posted?["thumbprint"]?.ToString()];
        var mapped = IsTrue(first?.AsObject().FirstOrDefault().Value) && IsTrue(second?[0]?["doExist"]) && IsTrue(scoped?[0]?["exist"]);
        var proven = steps.AllAsExpected && mapped && uploaded is not null && seen.All(thumbprint => thumbprint == uploaded);
        await output.WriteLineAsync(proven
            ? $"PROOF: the sandbox saw the uploaded certificate, SHA-256 {uploaded}, for GET and POST."
            : $"FAILED: uploaded {uploaded ?? "nothing"}; the tester, GET and POST saw {string.Join(", ", seen.Select(one => one ?? "nothing"))}.");
        return proven;
    }

    private static bool IsTrue(JsonNode? node) => node?.GetValueKind() == JsonValueKind.True;
}
