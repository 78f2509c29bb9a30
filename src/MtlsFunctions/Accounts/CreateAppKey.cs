using MtlsFunctions.Authorization;

namespace MtlsFunctions.Accounts;

/// <summary>Creates an app key; its secrets are in this answer and nowhere else.</summary>
public sealed class CreateAppKey(Gate gate, AppKeys keys, TimeProvider clock)
{
    [Function(nameof(CreateAppKey))]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mtls/account/{accountId}/app-keys")] HttpRequest request,
        string accountId,
        CancellationToken cancellation) =>
        gate.ManageAsync(request, accountId, "app-key.create", cancellation, async (caller, action) =>
        {
            if (!(await RequestBodies.ReadJsonAsync<SubmittedAppKey>(request, cancellation)).TryGet(out var submitted, out var failure))
                return Answers.Problem(failure);
            if (!Parse(submitted).TryGet(out var expires, out failure))
                return Answers.Problem(failure);
            var created = await keys.CreateAsync(caller, submitted.Name!, submitted.Permissions!.Distinct(), expires, cancellation);
            if (!created.TryGet(out var key, out failure))
                return Answers.Problem(failure);
            action.Touches("app-key", key.Row.Id);
            request.HttpContext.Response.Headers.CacheControl = "no-store";
            return Answers.Created(AppKeyAnswer.Of(key.Row, key.ConsumerSecret, key.TokenSecret));
        });

    private Outcome<DateTimeOffset?> Parse(SubmittedAppKey submitted)
    {
        if (Names.Refuse(submitted.Name, "app key") is { } refused)
            return refused;
        if (submitted.Permissions is not { Length: > 0 } permissions || permissions.Any(name => name is null || Permissions.Parse([name]) == Permission.None))
            return new Failure(FailureKind.RequestInvalid, $"\"permissions\" must name at least one of: {string.Join(", ", Permissions.Names)}; and nothing else.");
        if (submitted.Expires is not { } text)
            return (DateTimeOffset?)null;
        return Times.TryParse(text, out var expires) && expires > clock.GetUtcNow()
            ? (DateTimeOffset?)expires
            : new Failure(FailureKind.RequestInvalid, $"\"expires\" must be a time in the future, such as {Times.Example}.");
    }

    private sealed record SubmittedAppKey(string? Name, string[]? Permissions, string? Expires);
}
