using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// The published app, in a process of its own: no benchmark of BenchmarkDotNet's.
if (args is ["--worker", var folder])
{
    await MtlsFunctions.Benchmarks.WorkerCost.RunAsync(Path.GetFullPath(folder));
    return 0;
}

// --smoke runs everything once, in this process and whatever its build, so that CI sees a benchmark that has rotted.
if (args is not ["--smoke"])
{
    BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
    return 0;
}

var once = DefaultConfig.Instance
    .AddJob(Job.Dry.WithToolchain(InProcessEmitToolchain.Instance))
    .WithOptions(ConfigOptions.DisableOptimizationsValidator | ConfigOptions.DisableLogFile)
    .WithArtifactsPath(Directory.CreateTempSubdirectory("mtlsfunctions-benchmarks-").FullName);
try
{
    var summaries = BenchmarkRunner.Run(Assembly.GetExecutingAssembly(), once);
    var succeeded = summaries.Length > 0 && summaries.All(summary =>
        !summary.HasCriticalValidationErrors && summary.Reports.Length > 0 && summary.Reports.All(report => report.Success));
    return succeeded ? 0 : 1;
}
finally
{
    Directory.Delete(once.ArtifactsPath, recursive: true);
}
