using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MtlsFunctions.EndToEndTests;

/// <summary>Sits between a gateway's table client and the table: counts calls, can close, and can let something happen before a call goes through.</summary>
public sealed class TableTap(AzuriteFixture azurite) : HttpPipelinePolicy
{
    private int calls;

    public int Calls => Volatile.Read(ref calls);

    /// <summary>True: every call fails at once, as in an outage.</summary>
    public bool Closed { get; set; }

    /// <summary>Gets the request's method and URI.</summary>
    public Func<string, string, Task>? Before { get; set; }

    /// <summary>For the last argument of <see cref="TestGateway.StartAsync"/>.</summary>
    public void Install(WebApplicationBuilder builder)
    {
        var options = new TableClientOptions { Retry = { MaxRetries = 0 } };
        options.AddPolicy(this, HttpPipelinePosition.PerCall);
        builder.Services.AddSingleton(new TableServiceClient(azurite.ConnectionString, options));
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Interlocked.Increment(ref calls);
        if (Closed)
            throw new RequestFailedException("The tap is closed.");
        if (Before is { } before)
            await before(message.Request.Method.Method, message.Request.Uri.ToString());
        await ProcessNextAsync(message, pipeline);
    }

    [SuppressMessage("Design", "CA1065", Justification = "Nothing of the product calls it.")]
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
}
