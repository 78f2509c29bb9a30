using System.Net;
using System.Text.RegularExpressions;
using MtlsFunctions.EndToEndTests.Authorization;
using MtlsFunctions.EndToEndTests.Contract;

namespace MtlsFunctions.EndToEndTests.HostileInput;

/// <summary>Paths and queries that are made to reach something else than they seem to; for every method.</summary>
[Collection(nameof(HostileGateway))]
public sealed partial class HostilePathTests(HostileGateway hostile)
{
    /// <summary>For a segment that holds an id.</summary>
    private static readonly string[] Ids =
    [
        "-1", "0", "00", "+1", "%201", "1%20", "1.0", "1e3", "0x10", "%D9%A1", "%EF%BC%91", "9007199254740992", "9223372036854775807", "9223372036854775808",
        new('9', 300), "1,2", "1;2", "1%00", "%00", "1%0a", "..", "%2e%2e", "%2e%2e%2f1", "..%2f..%2f1", "..%5c1", "1%2f2", "1%5c2", "%c0%ae%c0%ae", "%zz", "%",
        "null", "NaN", "true", "*", "%7BcertificateId%7D", "1'%20or%20'1'%20eq%20'1", "%24batch", "certificate_0000000000000001",
    ];

    /// <summary>For the segment that holds the account; more stand in IllegalAccountIdTests.</summary>
    private static readonly string[] Accounts =
    [
        "%EF%BD%84emo", "d%D0%B5mo", "demo%E2%80%8B", "demo%CC%81", "%E2%80%AEomed", "demo%00", "demo%0D%0AX-Injected:%201", "demo%7F", "d%65mo%2f", "%c0%ae%c0%ae",
        "@gateway", "%40gateway", "demo%3Fa", "demo%23a", "demo;a=1", "demo'%20or%20PartitionKey%20ne%20'", new('a', 5000), "%F0%9F%98%80",
    ];

    private static readonly string[] Queries =
    [
        $"?{new string('a', 6000)}", $"?a={new string('b', 6000)}", $"?{string.Join('&', Enumerable.Range(0, 1000).Select(at => $"a{at}"))}",
        "?%zz=%zz&%=%", "?%00=%00", "?a=%ff%fe", "?a[]=1&a[b]=2", "?accountId=other&certificateId=1&mappingId=1", "?=&&==&", "?__proto__=1",
    ];

    public static TheoryData<string> IdRows => [.. Ids];

    public static TheoryData<string> AccountRows => [.. Accounts];

    public static TheoryData<string> QueryRows => [.. Queries];

    [Theory]
    [MemberData(nameof(IdRows))]
    public Task An_id_that_is_none_finds_nothing(string id) => AreRefusedAsync(
        // /console/../.. is the root, which leads to the console.
        hostile.Operations.Where(method => Id().IsMatch(method.Path) && !(IsParent(id) && method.Path.StartsWith("/console/", StringComparison.Ordinal))), method => Id().Replace(Of(method, HostileGateway.Account), id));

    private static bool IsParent(string id) => Uri.UnescapeDataString(id) == "..";

    [Theory]
    [MemberData(nameof(AccountRows))]
    public Task An_account_that_only_looks_like_one_is_refused(string account) => AreRefusedAsync(
        hostile.Operations.Where(method => method.Path.Contains("{accountId}", StringComparison.Ordinal)), method => Id().Replace(Of(method, account), "1"));

    [Theory]
    [MemberData(nameof(QueryRows))]
    public async Task A_query_that_nobody_asked_for_changes_nothing(string query)
    {
        foreach (var method in hostile.Operations)
        {
            var path = Id().Replace(Of(method, HostileGateway.Account), "1");
            var without = await SendAsync(method, path);
            var with = await SendAsync(method, path + query);
            Assert.True(without.Status == with.Status, $"{method}: {without.Status} and {with.Status}");
        }

        await hostile.AreRefusedAsync([]);
    }

    [Theory]
    [InlineData("POST", "/mtls/mapping?v=1&v=2")]
    [InlineData("POST", "/mtls/mapping?v=3")]
    [InlineData("POST", "/mtls/mapping?v=%D9%A2")]
    [InlineData("POST", "/mtls/account/demo/certificates/activate/1?isValidateUrlEnabled=maybe")]
    [InlineData("POST", "/mtls/account/demo/certificates/activate/1?isValidateUrlEnabled=true&isValidateUrlEnabled=false")]
    [InlineData("GET", "/mtls/account/demo/audit?from=2026-13-45")]
    [InlineData("GET", "/mtls/account/demo/audit?from=&to=")]
    [InlineData("GET", "/mtls/account/demo/audit?from=2026-01-01&from=2026-01-02")]
    [InlineData("GET", "/mtls/account/demo/audit?next=certificate_0000000000000001")]
    [InlineData("GET", "/mtls/account/demo/audit?next=Audit_1")]
    [InlineData("GET", "/mtls/account/demo/audit?next=audit_%00")]
    [InlineData("GET", "/mtls/account/demo/audit?next=%0a%2f%5c%23%3f")]
    [InlineData("GET", "/mtls/account/demo/audit?from=9999-12-31&to=0001-01-01")]
    [InlineData("GET", "/mtls/account/demo/certificates/expiring?days=-1")]
    [InlineData("GET", "/mtls/account/demo/certificates/expiring?days=99999999999")]
    [InlineData("GET", "/mtls/account/demo/certificates/expiring?days=1&days=2")]
    public async Task A_query_parameter_that_makes_no_sense_is_refused(string method, string path) =>
        await hostile.AreRefusedAsync([(path, await RawHttp.SendAsync(hostile.Gateway.Url, method, path, hostile.Authorization))]);

    [Theory]
    [InlineData("from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z")]
    [InlineData("from=0001-01-01T00:00:00%2B14:00")]
    [InlineData("to=9999-12-31T23:59:59-14:00")]
    [InlineData("from=9999-12-31&to=0001-01-01")]
    [InlineData("next=audit_'%20or%20PartitionKey%20ne%20'")]
    [InlineData("next=audit_%EF%BF%BF")]
    [InlineData("next=audit_~~~~~~~~~~~~~~~~~~~~")]
    public async Task The_audit_trail_shows_its_own_account_whatever_is_asked(string query)
    {
        await hostile.Gateway.As("other").CreateAppKeyAsync("MTLS_FORWARD");

        var answer = await RawHttp.SendAsync(hostile.Gateway.Url, "GET", $"/mtls/account/demo/audit?{query}", hostile.Authorization);

        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{answer.Status}: {answer.Text}");
        Assert.DoesNotContain("client-of-other", answer.Text, StringComparison.Ordinal);
        await hostile.AreRefusedAsync([]);
    }

    private async Task AreRefusedAsync(IEnumerable<ApiOperation> methods, Func<ApiOperation, string> path)
    {
        var answers = new List<(string, Answer)>();
        foreach (var method in methods)
            answers.Add(($"{method.Method} {path(method)}", await SendAsync(method, path(method))));
        Assert.NotEmpty(answers);
        await hostile.AreRefusedAsync(answers, byServer: true);
    }

    private Task<Answer> SendAsync(ApiOperation method, string path) => RawHttp.SendAsync(hostile.Gateway.Url, method.Method, path, hostile.Authorization);

    private static string Of(ApiOperation method, string account) => method.Path.Replace("{accountId}", account, StringComparison.Ordinal);

    [GeneratedRegex(@"\{(?!accountId\})\w+\}")]
    private static partial Regex Id();
}
