namespace MtlsFunctions.Mappings;

/// <summary>Who calls at runtime. Has a name and an id; wherever one is read the other is understood (api.md, section 1).</summary>
public sealed record ServiceName
{
    private static readonly ServiceName[] All = [new("TEST_SERVICE", "0"), new("IDP", "1"), new("WEBHOOKS", "2"), new("FAAS", "3")];

    private ServiceName(string name, string id) => (Name, Id) = (name, id);

    public string Name { get; }

    public string Id { get; }

    /// <returns>The service, or <see cref="FailureKind.ServiceUnknown"/> listing those that exist.</returns>
    public static Outcome<ServiceName> Parse(string? text) =>
        Array.Find(All, service => service.Name == text || service.Id == text) is { } found
            ? found
            : new Failure(FailureKind.ServiceUnknown, $"A service is one of: {string.Join(", ", All.Select(service => $"{service.Name} (\"{service.Id}\")"))}.");

    public static ServiceName OfId(string id) => Array.Find(All, service => service.Id == id)
        ?? throw new InvalidOperationException($"A stored mapping has service id '{id}', which doesn't exist.");

    public override string ToString() => Name;
}
