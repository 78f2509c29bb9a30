using MtlsFunctions.LocalHost;

namespace MtlsFunctions.Tests.LocalHost;

public sealed class LocalSettingsTests : IDisposable
{
    private const string Variable = "MtlsFunctionsTest__List__0";
    private readonly string file = Path.GetTempFileName();

    [Fact]
    public void Environment_variables_override_the_file_and_a_missing_file_is_fine()
    {
        Write("""{"Values":{"MtlsFunctionsTest__List__0":"file","MtlsFunctionsTest__Other":"file"}}""");
        Environment.SetEnvironmentVariable(Variable, "environment");
        try
        {
            var settings = LocalSettings.Read(file);
            Assert.Equal(("environment", "file"), (settings["MtlsFunctionsTest:List:0"], settings["MtlsFunctionsTest:Other"]));
            Assert.Equal("environment", LocalSettings.Read(file + ".missing")["MtlsFunctionsTest:List:0"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Fact]
    public void Comments_and_trailing_commas_are_read_as_Core_Tools_read_them()
    {
        Write("""{ /* mine */ "Values": { "A__B": "1", }, }""");
        Assert.Equal("1", LocalSettings.Read(file)["A:B"]);
    }

    [Theory]
    [InlineData("""{"IsEncrypted":true,"Values":{}}""", "func settings decrypt")]
    [InlineData("not json", "not a local settings file")]
    [InlineData("""{"Values":[]}""", "not a local settings file")]
    public void What_cannot_be_read_is_explained(string content, string explained)
    {
        Write(content);
        Assert.Contains(explained, Assert.Throws<LocalHostException>(() => LocalSettings.Read(file)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(file);

    private void Write(string content) => File.WriteAllText(file, content);
}
