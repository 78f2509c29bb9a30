using System.Diagnostics;

namespace MtlsFunctions.Tests.Infrastructure;

/// <summary>azd writes a UserSecretsId, and a byte order mark, into a project file that has none. Ours has one.</summary>
public sealed class AzdProjectTests
{
    [Fact]
    public async Task The_tool_that_azd_runs_leaves_the_project_file_alone()
    {
        var folder = Directory.CreateTempSubdirectory("azd-");
        try
        {
            var original = await File.ReadAllBytesAsync(Repository.PathOf("src", "MtlsFunctions", "MtlsFunctions.csproj"), TestContext.Current.CancellationToken);
            var copy = Path.Combine(folder.FullName, "MtlsFunctions.csproj");
            await File.WriteAllBytesAsync(copy, original, TestContext.Current.CancellationToken);
            // What it is built with isn't looked at, and restoring isn't wanted.
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Directory.Build.props"), "<Project />", TestContext.Current.CancellationToken);

            using var tool = Process.Start(new ProcessStartInfo("dotnet", ["user-secrets", "init", "--project", copy])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var printed = tool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = await tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await tool.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.True(tool.ExitCode == 0, await printed + errors);
            Assert.Equal(original, await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
