using System.IO.Compression;
using System.Net;
using MtlsFunctions.SelfService;

namespace MtlsFunctions.EndToEndTests.SelfService;

/// <summary>The console's files over HTTP, as browsers, proxies and whoever tries the door ask for them.</summary>
[Collection(nameof(ConsoleHost))]
public sealed class ServingTests(ConsoleHost host)
{
    // Takes what is sent as it is, and sends paths as they stand here.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None });

    private static readonly string Version = new ConsoleAssets().Version;

    private static readonly Dictionary<string, string> Types = new()
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
    };

    private static IEnumerable<string> Assets => ConsoleAssets.Names.Where(name => name != "index.html");

    public static TheoryData<string> Wrong =>
    [
        "/console/{version}/index.html", "/console/{version}/MAIN.JS", "/console/{version}/missing.js", "/console/{version}/settings.json",
        "/console/0000000000000000/main.js", "/console/{version}/assets/main.js", "/console/{version}/", "/console/{version}", "/console/main.js",
        "/console/{version}/../main.js", "/console/{version}/..%2Fhost.json", "/console/{version}/%2e%2e%2fhost.json", "/console/{version}/..%5Chost.json",
        "/console/{version}/..%252Fhost.json", "/console/{version}/%2Fetc%2Fpasswd", "/console/{version}/main.js%20", "/console/{version}/main.js;a=b",
        "/console/../host.json", "/console/..%2F..%2Fetc%2Fpasswd", "/host.json", "/local.settings.json",
    ];

    [Fact]
    public async Task The_page_is_asked_for_every_time_and_names_what_never_changes()
    {
        var page = await GetAsync("/console");

        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8", "no-cache"), (page.Status, page.Header("Content-Type"), page.Header("Cache-Control")));
        IsGuarded(page);
        Assert.Contains($"src=\"console/{Version}/main.js\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("{version}", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_other_file_has_its_type_and_is_kept_for_good()
    {
        foreach (var name in Assets)
        {
            var asset = await GetAsync($"/console/{{version}}/{name}");
            Assert.Equal(
                (HttpStatusCode.OK, Types[Path.GetExtension(name)], "public, max-age=31536000, immutable"), (asset.Status, asset.Header("Content-Type"), asset.Header("Cache-Control")));
            IsGuarded(asset);
        }
    }

    [Fact]
    public async Task The_page_is_found_from_the_root_and_with_a_slash_at_its_end()
    {
        foreach (var (path, place) in new[] { ("/", "console"), ("/console/", "../console") })
        {
            var answer = await GetAsync(path);
            Assert.Equal((HttpStatusCode.Found, place), (answer.Status, answer.Header("Location")));
        }
    }

    [Fact]
    public async Task HEAD_says_what_GET_would()
    {
        foreach (var path in Assets.Select(name => $"/console/{{version}}/{name}").Append("/console").Append("/console/settings.json"))
        {
            var (got, asked) = (await GetAsync(path), await SendAsync(HttpMethod.Head, path));
            Assert.Equal((HttpStatusCode.OK, 0), (asked.Status, asked.Body.Length));
            foreach (var header in new[] { "Content-Type", "Cache-Control", "ETag", "Content-Security-Policy" })
                Assert.Equal(got.Header(header), asked.Header(header));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Head, "/console/0000000000000000/main.js")).Status);
    }

    [Fact]
    public async Task The_settings_are_open_to_everybody_and_hold_nothing_else()
    {
        var settings = await GetAsync("/console/settings.json");

        Assert.Equal((HttpStatusCode.OK, "no-cache"), (settings.Status, settings.Header("Cache-Control")));
        IsGuarded(settings);
        Assert.Equal(["login", "oidc", "idleSeconds"], settings.Json.AsObject().Select(member => member.Key));
        Assert.Equal(["authority", "clientId", "scope"], settings.Json["oidc"]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task What_is_compressed_is_the_same_and_smaller()
    {
        foreach (var name in Assets)
        {
            var (path, plain) = ($"/console/{{version}}/{name}", ConsoleAssets.Read(name));
            Assert.Equal(plain, (await GetAsync(path)).Body);
            var (gzip, br) = (await GetAsync(path, ("Accept-Encoding", "gzip")), await GetAsync(path, ("Accept-Encoding", "gzip, deflate, br, zstd")));
            Assert.Equal(("gzip", "br"), (gzip.Header("Content-Encoding"), br.Header("Content-Encoding")));
            Assert.Equal(plain, Read(new GZipStream(new MemoryStream(gzip.Body), CompressionMode.Decompress)));
            Assert.Equal(plain, Read(new BrotliStream(new MemoryStream(br.Body), CompressionMode.Decompress)));
            Assert.All([gzip, br], answer => Assert.InRange(answer.Body.Length, 1, plain.Length));
        }
    }

    [Theory]
    [InlineData("/console")]
    [InlineData("/console/{version}/main.js")]
    public async Task Whoever_has_it_already_gets_no_body(string path)
    {
        var tags = new List<string>();
        foreach (var encoding in new[] { "br", "gzip", "identity" })
        {
            var first = await GetAsync(path, ("Accept-Encoding", encoding));
            tags.Add(first.Header("ETag")!);
            foreach (var known in new[] { tags[^1], $"\"other\", {tags[^1]}", "*" })
            {
                var again = await GetAsync(path, ("Accept-Encoding", encoding), ("If-None-Match", known));
                Assert.Equal((HttpStatusCode.NotModified, 0), (again.Status, again.Body.Length));
                Assert.Equal((tags[^1], first.Header("Cache-Control"), "Accept-Encoding"), (again.Header("ETag"), again.Header("Cache-Control"), again.Header("Vary")));
            }

            Assert.Equal(HttpStatusCode.OK, (await GetAsync(path, ("Accept-Encoding", encoding), ("If-None-Match", "\"other\""))).Status);
        }

        // A cache must not take the compressed form for the plain one.
        Assert.Equal(3, tags.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Nothing_else_is_found_whatever_the_path(string path)
    {
        var answer = await GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.DoesNotContain("immutable", answer.Header("Cache-Control") ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_build_is_missing_with_the_way_out()
    {
        var answer = await GetAsync("/console/0000000000000000/main.js");

        answer.IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Contains("reload /console", (string?)answer.Json["detail"], StringComparison.Ordinal);
    }

    private void IsGuarded(Answer answer)
    {
        Assert.Equal(
            $"default-src 'self'; script-src 'self' '{new ConsoleAssets().PageScript}'; connect-src 'self' {new Uri(host.Issuer.Authority).GetLeftPart(UriPartial.Authority)}; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types lit-html",
            answer.Header("Content-Security-Policy"));
        Assert.Equal(
            ("nosniff", "no-referrer", "same-origin", "same-origin"),
            (answer.Header("X-Content-Type-Options"), answer.Header("Referrer-Policy"), answer.Header("Cross-Origin-Opener-Policy"), answer.Header("Cross-Origin-Resource-Policy")));
        Assert.Null(answer.Header("Set-Cookie"));
        Assert.Null(answer.Header("Access-Control-Allow-Origin"));
    }

    /// <param name="path">{version} stands for that of this build.</param>
    private Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    private async Task<Answer> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var url = host.Session.BaseUrl + path.Replace("{version}", Version, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(
            method, new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }

    private static byte[] Read(Stream stream)
    {
        using var target = new MemoryStream();
        using (stream)
            stream.CopyTo(target);
        return target.ToArray();
    }
}
