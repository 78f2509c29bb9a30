using System.Diagnostics;
using System.Globalization;
using MtlsFunctions.Authorization;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Forwarding;

/// <summary>What is told of one forward when it has ended: in one log line, in the metrics, and in one span where somebody collects them.</summary>
internal sealed class ForwardRecord(AccountId account, ForwardRequest request, string method, long began, TimeProvider clock) : IDisposable
{
    private readonly Activity? span = Telemetry.Activities.StartActivity("forward", ActivityKind.Client);
    private long sent;
    private long answered;
    private long ended;

    public string Account => account.Value;

    /// <summary>"none" where the caller named none.</summary>
    public string Service => request.Service?.Name ?? "none";

    public string Method => method;

    /// <summary>The remote's; its path and query can hold secrets.</summary>
    public string Host => request.Target.Host;

    /// <summary>0 where no certificate was presented.</summary>
    public long CertificateId { get; set; }

    public bool Warm { get; set; }

    /// <summary>The status of the remote's answer, or the problem type or transport code that took its place.</summary>
    public string Outcome { get; private set; } = "";

    /// <summary>The outcome in few words: <c>2xx</c> for every status from 200 on.</summary>
    public string OutcomeClass => Outcome is [>= '1' and <= '9' and var first, _, _] ? StatusClass(first) : Outcome;

    public TimeSpan Elapsed => clock.GetElapsedTime(began, ended);

    /// <summary>Null when nothing went out.</summary>
    public TimeSpan? UntilSent => sent == 0 ? null : clock.GetElapsedTime(began, sent);

    /// <summary>From there; null without an answer.</summary>
    public TimeSpan? UntilAnswered => answered == 0 ? null : clock.GetElapsedTime(sent, answered);

    public void Exchanged(Exchange exchange) => (sent, answered) = (exchange.SentAt, exchange.AnsweredAt);

    public void End(string outcome)
    {
        (Outcome, ended) = (outcome, clock.GetTimestamp());
        if (span is null)
            return;
        span.SetTag(Telemetry.Account, Account).SetTag("mtls.service", Service).SetTag("mtls.forward.outcome", Outcome).SetTag("mtls.handler.warm", Warm)
            .SetTag("http.request.method", Method).SetTag("server.address", request.Target.Uri.IdnHost).SetTag("server.port", request.Target.Uri.Port);
        if (CertificateId != 0)
            span.SetTag(Telemetry.Certificate, CertificateId);
        if (answered != 0 && int.TryParse(Outcome, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            span.SetTag("http.response.status_code", status);
        else
            span.SetTag(Telemetry.Error, Outcome).SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose() => span?.Dispose();

    private static string StatusClass(char first) => first switch
    {
        '1' => "1xx",
        '2' => "2xx",
        '3' => "3xx",
        '4' => "4xx",
        '5' => "5xx",
        _ => "other",
    };
}
