using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MtlsFunctions;

/// <summary>Every JSON and problem answer of the product is made here.</summary>
public static class Answers
{
    /// <summary>Seconds that a caller should wait after a passing fault of a dependency.</summary>
    public const int RetryAfterSeconds = 5;

    /// <summary>camelCase in declaration order; URLs stay readable, because answers are never embedded in HTML.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
    };

    public static IResult Ok<T>(T value) => Results.Json(value, Json);

    public static IResult Created<T>(T value) => Results.Json(value, Json, statusCode: StatusCodes.Status201Created);

    public static IResult Problem(Failure failure) => new ProblemResult(failure, Problems.Of(failure.Kind).Status);

    /// <param name="status">Where a documented older behaviour has another status than the table.</param>
    public static IResult Problem(Failure failure, int status) => new ProblemResult(failure, status);

    private sealed class ProblemResult(Failure failure, int status) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => status;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            var problem = Problems.Of(failure.Kind);
            var response = httpContext.Response;
            response.StatusCode = status;
            if (problem.IsTransient)
                response.Headers.RetryAfter = Math.Ceiling(failure.RetryAfter?.TotalSeconds ?? RetryAfterSeconds).ToString(CultureInfo.InvariantCulture);
            // Clients recognise a failed authorization by this header.
            if (status == StatusCodes.Status401Unauthorized)
                response.Headers.WWWAuthenticate = Authorization.Credentials.Challenge;
            var detail = failure.Index is { } index ? $"Item {index}: {failure.Detail}" : failure.Detail;
            var body = new ProblemBody(problem.Type, problem.Title, status, detail, failure.Index,
                Activity.Current?.Id ?? httpContext.TraceIdentifier)
            {
                Members = failure.Members?.ToDictionary(),
            };
            return response.WriteAsJsonAsync(body, Json, "application/problem+json", httpContext.RequestAborted);
        }
    }

    private sealed record ProblemBody(string Type, string Title, int Status, string Detail, int? Index, string TraceId)
    {
        [JsonExtensionData]
        public Dictionary<string, object>? Members { get; init; }
    }
}
