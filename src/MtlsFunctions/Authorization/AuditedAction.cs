namespace MtlsFunctions.Authorization;

/// <summary>A management action under way; whoever carries it out adds what it touches.</summary>
/// <param name="Name">Noun and verb: <c>certificate.create</c>.</param>
public sealed record AuditedAction(string Name, Caller Caller)
{
    private readonly List<string> objects = [];

    /// <summary>Kinds and ids, never names or contents.</summary>
    public IReadOnlyList<string> Objects => objects;

    public void Touches(string kind, long id) => objects.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kind}/{id}"));
}

/// <summary>Keeps the record of a management action that has ended.</summary>
/// <param name="status">The HTTP status of its answer.</param>
/// <param name="from">The calling address.</param>
public delegate Task RecordAction(AuditedAction action, int status, string from);
