using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MtlsFunctions.EndToEndTests.Contract;

namespace MtlsFunctions.EndToEndTests.HostileInput;

/// <summary>Forms that are made to break whoever reads them, for every method that takes one.</summary>
[Collection(nameof(HostileGateway))]
public sealed partial class HostileFormTests(HostileGateway hostile)
{
    private const string Multipart = "multipart/form-data";
    private const string UrlEncoded = "application/x-www-form-urlencoded";
    private const string Good = "multipart/form-data; boundary=part";

    private static readonly string File = Part("name=\"file\"; filename=\"a.p12\"", HostileGateway.Secret);
    private static readonly string Certificate = Part("name=\"certificate\"", $"{{\"name\":\"a\",\"password\":\"{HostileGateway.Secret}\"}}");
    private static readonly string Password = Part("name=\"password\"", HostileGateway.Secret);

    private static readonly Dictionary<string, (string Type, string Body)> Forms = new()
    {
        ["no body"] = (Good, ""),
        ["no boundary"] = (Multipart, Whole(File, Certificate, Password)),
        ["an empty boundary"] = ("multipart/form-data; boundary=", Whole(File)),
        ["another boundary"] = ("multipart/form-data; boundary=other", Whole(File, Certificate, Password)),
        ["two boundaries"] = ("multipart/form-data; boundary=part; boundary=other", Whole(File)),
        ["a boundary of a kilobyte"] = ($"multipart/form-data; boundary={new string('b', 1000)}", $"--{new string('b', 1000)}--\r\n"),
        ["nothing but the end"] = (Good, "--part--\r\n"),
        ["cut off in a header"] = (Good, "--part\r\nContent-Dispo"),
        ["cut off in a part"] = (Good, $"--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n{HostileGateway.Secret}"),
        ["no last boundary"] = (Good, File),
        ["bare line feeds"] = (Good, Whole(File, Certificate, Password).Replace("\r\n", "\n", StringComparison.Ordinal)),
        ["ten thousand parts"] = (Good, Whole([.. Enumerable.Range(0, 10_000).Select(at => Part($"name=\"p{at}\"", ""))])),
        ["ten thousand files"] = (Good, Whole([.. Enumerable.Range(0, 10_000).Select(at => Part($"name=\"f{at}\"; filename=\"f\"", ""))])),
        ["a hundred files of the right name"] = (Good, Whole([.. Enumerable.Repeat(File, 100), Certificate, Password])),
        ["two files"] = (Good, Whole(File, File, Certificate, Password)),
        ["two descriptions"] = (Good, Whole(File, Certificate, Certificate, Password, Password)),
        ["the file as a text"] = (Good, Whole(Part("name=\"file\"", HostileGateway.Secret), Certificate, Password)),
        ["no file"] = (Good, Whole(Certificate, Password)),
        ["a file alone"] = (Good, Whole(File)),
        ["parts without a disposition"] = (Good, "--part\r\n\r\nx\r\n--part--\r\n"),
        ["a disposition that is garbage"] = (Good, Whole("--part\r\nContent-Disposition: ;;;=\"\r\n\r\nx\r\n")),
        ["a part without a name"] = (Good, Whole(Part("filename=\"a.p12\"", HostileGateway.Secret))),
        ["a name of a hundred kilobytes"] = (Good, Whole(Part($"name=\"{new string('n', 100_000)}\"", "x"))),
        ["a part's header of a hundred kilobytes"] = (Good, Whole($"--part\r\nX: {new string('x', 100_000)}\r\n\r\nx\r\n")),
        ["a thousand headers in a part"] = (Good, Whole($"--part\r\n{string.Concat(Enumerable.Range(0, 1000).Select(at => $"X{at}: x\r\n"))}\r\nx\r\n")),
        ["a header without a colon"] = (Good, Whole("--part\r\nnothing\r\n\r\nx\r\n")),
        ["a file name that climbs"] = (Good, Whole(Part("name=\"file\"; filename=\"../../../../etc/passwd\"", HostileGateway.Secret), Certificate, Password)),
        ["a file name with NUL"] = (Good, Whole(Part("name=\"file\"; filename=\"a\0b\"", HostileGateway.Secret), Certificate, Password)),
        ["a form in a form"] = (Good, Whole("--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: multipart/mixed; boundary=inner\r\n\r\n--inner\r\n\r\nx\r\n--inner--\r\n", Certificate, Password)),
        ["an encoding that isn't one"] = (Good, Whole(File, "--part\r\nContent-Disposition: form-data; name=\"certificate\"\r\nContent-Type: application/json; charset=no-such-thing\r\n\r\n{\r\n", Password)),
        ["UTF-7"] = (Good, Whole(File, "--part\r\nContent-Disposition: form-data; name=\"certificate\"\r\nContent-Type: application/json; charset=utf-7\r\n\r\n+AHsAfQ-\r\n", Password)),
        ["a transfer encoding of old"] = (Good, Whole("--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\nTUlJ\r\n", Certificate, Password)),
        ["a text of 65 kilobytes"] = (Good, Whole(File, Part("name=\"certificate\"", new string(' ', 65 * 1024 + 1)), Part("name=\"password\"", new string('p', 65 * 1024 + 1)))),
        ["a description as a file of 100 kilobytes"] = (Good, Whole(File, Part("name=\"certificate\"; filename=\"c\"", new string(' ', 100_000)), Part("name=\"password\"; filename=\"p\"", new string('p', 100_000)))),
        ["a description that nests"] = (Good, Whole(File, Part("name=\"certificate\"", new string('[', 10_000)), Part("name=\"password\"", ""))),
        ["a description that is null"] = (Good, Whole(File, Part("name=\"certificate\"", "null"), Part("name=\"password\"", ""))),
        ["a description that names things twice"] = (Good, Whole(File, Part("name=\"certificate\"", "{\"name\":\"a\",\"name\":\"b\",\"password\":\"\"}"), Part("name=\"password\"", ""))),
        ["a p12 of 19 kilobytes"] = (Good, Whole(Part("name=\"file\"; filename=\"a\"", new string('p', 19 * 1024)), Certificate, Password)),
        ["a p12 of more than a megabyte"] = (Good, Whole(Part("name=\"file\"; filename=\"a\"", new string('p', 1024 * 1024)), Certificate, Password)),
        ["an URL-encoded form"] = (UrlEncoded, $"file={HostileGateway.Secret}&certificate={{}}&password=x&grant_type=password"),
        ["ten thousand fields"] = (UrlEncoded, string.Join('&', Enumerable.Range(0, 10_000).Select(at => $"f{at}=1"))),
        ["a field of 100 kilobytes"] = (UrlEncoded, $"grant_type=client_credentials&client_secret={new string('s', 100_000)}"),
        ["a name of 10 kilobytes"] = (UrlEncoded, $"{new string('n', 10_000)}=1"),
        ["broken percent encoding"] = (UrlEncoded, "grant_type=client_credentials&client_id=%zz&client_secret=%"),
        ["invalid UTF-8"] = (UrlEncoded, "grant_type=client_credentials&client_id=%ff%fe&client_secret=%c0%af"),
        ["NUL"] = (UrlEncoded, "grant_type=client_credentials&client_id=a%00&client_secret=%00"),
        ["a grant type twice"] = (UrlEncoded, "grant_type=client_credentials&grant_type=client_credentials&client_id=a&client_secret=b"),
        ["a client twice"] = (UrlEncoded, $"grant_type=client_credentials&client_id=a&client_id=b&client_secret={HostileGateway.Secret}"),
        ["another charset"] = ("application/x-www-form-urlencoded; charset=utf-7", "grant_type=client_credentials&client_id=+AGE-"),
        ["JSON"] = ("application/json", "{\"grant_type\":\"client_credentials\"}"),
        ["no type"] = ("", Whole(File, Certificate, Password)),
        ["two types"] = ($"{Good}, {UrlEncoded}", Whole(File, Certificate, Password)),
    };

    public static TheoryData<string> Names => [.. Forms.Keys];

    private IEnumerable<ApiOperation> Methods =>
        hostile.Operations.Where(operation => operation.RequestSchema(Multipart) is not null || operation.RequestSchema(UrlEncoded) is not null);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_form_that_is_not_what_it_should_be_is_refused_everywhere(string name)
    {
        var (type, body) = Forms[name];
        var answers = new List<(string, Answer)>();
        foreach (var method in Methods)
        {
            var content = new ByteArrayContent(Encoding.Latin1.GetBytes(For(method, body)));
            if (type.Length > 0)
                content.Headers.TryAddWithoutValidation("Content-Type", type);
            answers.Add(($"{method}", await hostile.Demo.SendAsync(new HttpMethod(method.Method), PathOf(method), content)));
        }

        Assert.NotEmpty(answers);
        await hostile.AreRefusedAsync(answers);
    }

    [Fact]
    public async Task A_form_leaves_no_file_behind()
    {
        var body = Encoding.Latin1.GetBytes(Whole(Part("name=\"file\"; filename=\"a\"", new string('p', 900_000)), Certificate));
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", Good);
        using var watcher = new FileSystemWatcher(Path.GetTempPath(), "ASPNETCORE_*") { EnableRaisingEvents = true };
        var made = 0;
        watcher.Created += (_, _) => Interlocked.Increment(ref made);

        var answer = await hostile.Demo.SendAsync(HttpMethod.Post, $"{hostile.Demo.CertificatesPath}/by-file", content);

        answer.IsProblem(System.Net.HttpStatusCode.RequestEntityTooLarge, "p12-too-large");
        Assert.Equal(0, made);
    }

    // A part that a method doesn't know would be reason enough to refuse, and hide whether the other reason is.
    private static string For(ApiOperation method, string body) => Parts().Replace(body, part =>
        part.Groups["name"].Value == (method.Path.Contains("p12-test", StringComparison.Ordinal) ? "certificate" : "password") ? "" : part.Value);

    [GeneratedRegex("""--part\r\nContent-Disposition: form-data; name="(?<name>certificate|password)".*?\r\n(?=--part)""", RegexOptions.Singleline)]
    private static partial Regex Parts();

    private static string PathOf(ApiOperation method) => method.Path.Replace("{accountId}", HostileGateway.Account, StringComparison.Ordinal);

    private static string Part(string disposition, string body) =>
        string.Create(CultureInfo.InvariantCulture, $"--part\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{body}\r\n");

    private static string Whole(params string[] parts) => string.Concat(parts) + "--part--\r\n";
}
