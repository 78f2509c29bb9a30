using System.Text.Json;
using System.Text.Json.Nodes;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>main.sample.snapshot.json holds every resource that the sample parameters lead to, so that a change of them shows in review.</summary>
[Collection(CompiledInfrastructure.Collection)]
public sealed class SnapshotTests(CompiledInfrastructure infrastructure)
{
    [Fact]
    public void The_snapshot_is_of_today() =>
        Generated.AssertFresh(Path.Combine(CompiledInfrastructure.Folder, "main.sample.snapshot.json"), Ordered(infrastructure.SampleSnapshot));

    // The compiler lists outputs in an order of its own every time.
    private static string Ordered(string snapshot)
    {
        var json = JsonNode.Parse(snapshot)!.AsObject();
        json["outputs"] = new JsonObject(json["outputs"]!.AsObject().OrderBy(output => output.Key, StringComparer.Ordinal)
            .Select(output => KeyValuePair.Create(output.Key, output.Value?.DeepClone())));
        return json.ToJsonString(new JsonSerializerOptions(Answers.Json) { WriteIndented = true, DefaultIgnoreCondition = default }) + "\n";
    }
}
