using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Hosting;
using MtlsFunctions;
using MtlsFunctions.Forwarding;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSingleton(new HeaderCarriage(AsciiOnly: true));
builder.Services.AddMtlsGateway(builder.Configuration);
builder.Services.AddMtlsTelemetry(builder.Configuration)?.UseFunctionsWorkerDefaults();
await builder.Build().RunAsync();
