using System.Globalization;
using MtlsFunctions.Authorization;

namespace MtlsFunctions.Mappings;

/// <summary>Deletes one mapping, or several whose ids are separated by commas: all of them or none. The answer is what was deleted.</summary>
public sealed class DeleteMappings(Gate gate, AccountMappings mappings)
{
    [Function(nameof(DeleteMappings))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/account/{accountId}/configuration/ac-common/mtls/{mappingIds}")] HttpRequest request,
        string accountId,
        string mappingIds,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "mapping.delete", cancellation, async (caller, action) =>
        {
            if (!AccountRevision.Expected(request).TryGet(out var expected, out var failure))
                return Answers.Problem(failure);
            if (!Parse(mappingIds).TryGet(out var ids, out failure))
                return Answers.Problem(failure);
            action.Touches("mapping", ids);
            if (!(await mappings.DeleteAsync(caller.Account, ids, expected, cancellation)).TryGet(out var deleted, out failure))
                return Answers.Problem(failure);
            AccountRevision.Tell(request, deleted.Revision);
            return Answers.Ok(deleted.Rows.Select(MappingAnswer.Of));
        });

    private static Outcome<long[]> Parse(string text)
    {
        var ids = new HashSet<long>();
        foreach (var part in text.Split(','))
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return new Failure(FailureKind.RequestInvalid, "Name mapping ids, separated by commas.");
            ids.Add(id);
        }

        return SubmittedMappings.CountIsWrong(ids.Count) is { } wrong ? wrong : ids.ToArray();
    }
}
