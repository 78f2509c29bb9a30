using System.Globalization;

namespace MtlsFunctions.Authorization;

/// <summary>A management action under way; whoever carries it out adds what it touches.</summary>
/// <param name="Name">Noun and verb: <c>certificate.create</c>.</param>
public sealed record AuditedAction(string Name, Caller Caller)
{
    // No request changes more; one that names more is refused, and its record stays small.
    private const int MaxObjects = 100;

    private readonly List<string> objects = [];

    /// <summary>Kinds and ids, never names or contents.</summary>
    public IReadOnlyList<string> Objects => objects;

    /// <summary>Before the attempt where the ids are known, so that the record of a failure says what it was about; once is enough.</summary>
    public void Touches(string kind, params IEnumerable<long> ids)
    {
        foreach (var touched in ids.Select(id => string.Create(CultureInfo.InvariantCulture, $"{kind}/{id}")))
        {
            if (objects.Count < MaxObjects && !objects.Contains(touched))
                objects.Add(touched);
        }
    }
}

/// <summary>Keeps the record of a management action that has ended.</summary>
/// <param name="status">The HTTP status of its answer.</param>
/// <param name="from">The calling address.</param>
public delegate Task RecordAction(AuditedAction action, int status, string from);
