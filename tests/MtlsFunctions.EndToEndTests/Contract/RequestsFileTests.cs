using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using MtlsFunctions.LocalHost;

namespace MtlsFunctions.EndToEndTests.Contract;

/// <summary>docs/requests.http against a LocalHost, as somebody who clicks through it does.</summary>
public sealed class RequestsFileTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Every_request_of_the_file_answers_what_it_says_and_together_they_call_every_method()
    {
        await using var host = await StartAsync();
        var file = HttpFile.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "requests.http"), TestContext.Current.CancellationToken));
        Assert.Empty(file.Set(Values(host.Session)));
        var document = await ApiDocument.ServedAsync();
        var called = new HashSet<string>();

        // Twice, because it leaves nothing behind.
        foreach (var request in file.Requests.Concat(file.Requests))
        {
            using var message = file.ToMessage(request);
            var answer = await SendAsync(message);
            Assert.True(request.Status is { } status ? status == (int)answer.Status : answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, $"{request} answers {(int)answer.Status}: {answer.Text}");
            file.Remember(request, answer);
            called.Add(document.Find(message.Method.Method, message.RequestUri!.AbsolutePath).Id);
        }

        Assert.Empty(document.Operations.Select(operation => operation.Id).Except(called));
    }

    private Task<RunningLocalHost> StartAsync()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:ConnectionString"] = azurite.ConnectionString,
            ["Storage:TableName"] = $"t{Guid.NewGuid():N}",
        }).Build();
        return RunningLocalHost.StartAsync(Flags.Parse(["--ephemeral"]), settings, _ => { }, TestContext.Current.CancellationToken);
    }

    /// <summary>What a person copies from session.json.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Values(Session session)
    {
        var written = JsonSerializer.SerializeToNode(session, JsonSerializerOptions.Web)!.AsObject();
        return written.Where(member => member.Value is JsonValue)
            .Concat(written["accounts"]!["demo"]!.AsObject())
            .Select(member => KeyValuePair.Create(member.Key, (string)member.Value!));
    }

    private static async Task<Answer> SendAsync(HttpRequestMessage message)
    {
        using var http = new HttpClient();
        using var response = await http.SendAsync(message, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }
}
