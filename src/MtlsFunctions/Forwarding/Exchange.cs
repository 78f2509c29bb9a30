using Microsoft.AspNetCore.Http.Features;
using MtlsFunctions.Forwarding.EarlyAnswers;
using MtlsFunctions.Forwarding.Tls;

namespace MtlsFunctions.Forwarding;

/// <summary>
/// One request out and its answer back, both streamed: what is there goes on at once, and nothing but one buffer is held.
/// docs/decisions.md says why this is not YARP.
/// </summary>
internal sealed class Exchange(
    HttpContext context, ForwardingOptions options, HeaderCarriage carriage, Patience patience, KeptBodies kept, TimeProvider clock)
{
    /// <summary>The header in which a trusted front end names the caller's address; empty for none.</summary>
    public string AddressHeader { get; init; } = "";

    // RFC 9113 section 7.
    private const int Http2InternalError = 2;

    /// <summary>Timestamp of the moment when the request was handed to the client; 0 before.</summary>
    public long SentAt { get; private set; }

    /// <summary>Timestamp of the moment when the head of the answer was there; 0 before.</summary>
    public long AnsweredAt { get; private set; }

    /// <returns>How it ended, with the reason where that is not <see cref="Ending.Answered"/>.</returns>
    public async Task<(Ending Ending, Exception? Fault)> RunAsync(ForwardRequest forward, WarmHandler remote)
    {
        var body = CanHaveBody() ? new RequestBody(context.Request.BodyReader, patience, EarlyAnswer.Begin(), kept) : null;
        using var request = OutgoingRequest.Make(context.Request, forward, body, options.Http2, AddressHeader);
        HttpResponseMessage answer;
        try
        {
            SentAt = clock.GetTimestamp();
            if (body is null)
                patience.Sent();
            else
                patience.Moved();
            answer = await Sending.SendAsync(remote, request, () => body is not { CanGoAgain: false }, clock, patience.Token);
            body?.Forget();
        }
        catch (Exception fault)
        {
            if (patience.IsOver && !patience.CallerLeft)
                remote.Endpoints.LeaveSilent(forward.Target.Uri, SentAt);
            return await EndAsync(Ending.NoAnswer, NewConnection.Explain(request, fault), body);
        }

        using (answer)
        {
            AnsweredAt = clock.GetTimestamp();
            patience.Answered();
            try
            {
                AnswerHead.Copy(answer, context, options.WrapUpstreamErrors, carriage.AsciiOnly);
            }
            catch (Exception fault)
            {
                return await EndAsync(Ending.BadAnswer, fault, body);
            }

            try
            {
                if (AnswerFraming.CanHaveBody(answer))
                {
                    await AnswerBody.CopyAsync(answer.Content, context.Response, patience);
                    AnswerHead.CopyTrailers(answer, context);
                }
            }
            catch (Exception fault)
            {
                return await EndAsync(context.Response.HasStarted ? Ending.BrokenOff : Ending.NoAnswer, fault, body);
            }
        }

        if (body is not null)
            await FinishAsync(body);
        return (Ending.Answered, null);
    }

    private async Task FinishAsync(RequestBody body)
    {
        // The caller may wait for the whole answer before it goes on with its request.
        var more = body.IsHalfRead;
        if (more)
            await context.Response.CompleteAsync();
        await body.EndAsync();
        // Over HTTP/2 the web server tells the caller to stop. Over HTTP/1.1 many look at the answer only when they have sent everything.
        if (more && HttpProtocol.IsHttp11(context.Request.Protocol))
            await body.DrainAsync();
    }

    private bool CanHaveBody() => context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false };

    private async Task<(Ending Ending, Exception? Fault)> EndAsync(Ending ending, Exception fault, RequestBody? body)
    {
        // Before it is ended on purpose. What the client reports then depends on what it was doing: a closed connection, too.
        if (ending == Ending.NoAnswer && patience.IsOver)
            ending = Ending.StoodStill;
        if (body is { IsUnderWay: true })
            patience.End();
        if (body is not null)
            await body.EndAsync();

        if (patience.CallerLeft)
            return (Ending.CallerLeft, fault);
        if (ending == Ending.BrokenOff)
            BreakOff();
        return (ending, body?.CallersFault is { } callers ? new AggregateException(callers, fault) : fault);
    }

    // What is cut off must not look complete.
    private void BreakOff()
    {
        if (context.Features.Get<IHttpResetFeature>() is { } stream)
            stream.Reset(Http2InternalError);
        else
            context.Abort();
    }
}

/// <summary>How an exchange ended.</summary>
internal enum Ending
{
    /// <summary>The whole answer has been passed on.</summary>
    Answered,

    /// <summary>Nobody listens any more.</summary>
    CallerLeft,

    /// <summary>None came, or it broke off before anything was passed on: the caller can still be told.</summary>
    NoAnswer,

    /// <summary>None came within the time that it may take.</summary>
    StoodStill,

    /// <summary>One came that can't be passed on.</summary>
    BadAnswer,

    /// <summary>It broke off, and so did what the caller gets.</summary>
    BrokenOff,
}
