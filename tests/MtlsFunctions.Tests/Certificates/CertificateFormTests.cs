using Microsoft.AspNetCore.Http;
using MtlsFunctions.Certificates;

namespace MtlsFunctions.Tests.Certificates;

/// <summary>Which parts a form may have. What a form as such can have wrong is tested over HTTP.</summary>
public sealed class CertificateFormTests
{
    private static readonly (string Name, string? File, string Value) File = ("file", "client.p12", "bytes");
    private static readonly (string Name, string? File, string Value) Password = ("password", null, "open");
    private static readonly (string Name, string? File, string Value) Certificate = ("certificate", null, """{"name":"orders","password":"open"}""");

    [Fact]
    public async Task The_testers_form_has_a_file_a_password_and_maybe_a_body()
    {
        var current = The.Of(await ReadTestAsync(File, Password));
        var older = The.Of(await ReadTestAsync(Password, ("body", null, "hello"), File));

        Assert.Equal(("open", null), (current.Password, current.Body));
        Assert.Equal(("open", "hello"), (older.Password, older.Body));
        Assert.All([current, older], tested => Assert.Equal("bytes"u8.ToArray(), tested.P12));
    }

    [Fact]
    public async Task Texts_may_come_as_files_and_parts_in_any_case()
    {
        var tested = The.Of(await ReadTestAsync(("FILE", "c", "bytes"), ("Password", "p.txt", "open"), ("body", "b.txt", "hello")));
        var submitted = The.Of(await ReadAsync(File, Certificate with { File = "certificate.json" }));

        Assert.Equal(("open", "hello"), (tested.Password, tested.Body));
        Assert.Equal(("orders", "open"), (submitted.Name, submitted.Password));
    }

    [Theory]
    [InlineData("certificate")]
    [InlineData("body")]
    public async Task The_description_has_an_older_name(string name)
    {
        var submitted = The.Of(await ReadAsync(File, Certificate with { Name = name }));

        Assert.Equal(("orders", "open"), (submitted.Name, submitted.Password));
        Assert.Equal("bytes"u8.ToArray(), submitted.P12);
    }

    [Fact]
    public async Task A_part_that_is_missing_unknown_or_there_twice_is_refused()
    {
        foreach (var form in new[] { [File], [Password], [File, File, Password], [File, Password, Password], [File, Password, ("PASSWORD", "p", "open")],
            [File, Password, Certificate], [File, Password, ("extra", null, "")], [File, Password, ("extra", "e", "")],
            new[] { File, Password, ("body", null, "a"), ("body", null, "b") } })
            The.FailureOf(FailureKind.RequestInvalid, await ReadTestAsync(form));
        foreach (var form in new[] { [File], [Certificate], [File, File, Certificate], [File, Certificate, Certificate], [File, Certificate, Password],
            [File, Certificate, Certificate with { Name = "body" }], new[] { File, Certificate, ("", null, "") } })
            The.FailureOf(FailureKind.RequestInvalid, await ReadAsync(form));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"orders\"")]
    [InlineData("{\"name\":1}")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    [InlineData("{\"name\":\"secret")]
    [InlineData("")]
    public async Task A_description_that_is_no_JSON_object_is_refused_without_being_repeated(string json)
    {
        var failure = The.FailureOf(FailureKind.RequestInvalid, await ReadAsync(File, Certificate with { Value = json }));

        Assert.Contains("'certificate'", failure.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_text_has_64_KB_at_most(bool asFile)
    {
        var file = asFile ? "p" : null;

        The.Of(await ReadTestAsync(File, ("password", file, new string('p', 64 * 1024))));
        The.FailureOf(FailureKind.RequestInvalid, await ReadTestAsync(File, ("password", file, new string('p', 64 * 1024 + 1))));
    }

    private static async Task<Outcome<SubmittedCertificate>> ReadTestAsync(params (string, string?, string)[] parts) =>
        await CertificateForm.ReadTestAsync(await RequestAsync(parts), TestContext.Current.CancellationToken);

    private static async Task<Outcome<SubmittedCertificate>> ReadAsync(params (string, string?, string)[] parts) =>
        await CertificateForm.ReadAsync(await RequestAsync(parts), TestContext.Current.CancellationToken);

    private static async Task<HttpRequest> RequestAsync((string Name, string? File, string Value)[] parts)
    {
        using var form = new MultipartFormDataContent("part");
        foreach (var (name, file, value) in parts)
        {
            var content = new StringContent(value);
            content.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{name}\"{(file is null ? "" : $"; filename=\"{file}\"")}");
            form.Add(content);
        }

        var request = new DefaultHttpContext().Request;
        (request.ContentType, request.Body) = ("multipart/form-data; boundary=part", new MemoryStream(await form.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
        return request;
    }
}
