using FsCheck;
using FsCheck.Fluent;
using MtlsFunctions.Mappings;

namespace MtlsFunctions.Tests.Mappings;

/// <summary>Held against a model that knows nothing of URI parsers: the parts, and spellings of them that mean the same.</summary>
public sealed class TargetUrlPropertyTests
{
    private static readonly Gen<Parts> AllParts =
        from host in Gen.Elements("a.example", "b.example", "xn--mnchen-3ya.example", "192.0.2.1", "[2001:db8::1]", "localhost")
        from port in Gen.Elements(443, 80, 8443)
        from path in Gen.Elements("/", "/x", "/X", "/x/", "//", "/%2F", "/%2f", "/a/../b", "/;+@")
        from query in Gen.Elements("", "?", "?a=1", "?A=1", "?a=%31", "?/../")
        select new Parts(host, port, path, query);

    private static readonly Gen<Spelled> AllSpellings =
        from parts in AllParts
        from scheme in Gen.Elements("https://", "HTTPS://", "hTTps://")
        from upper in Gen.Elements(true, false)
        from port in Gen.Elements(true, false)
        from path in Gen.Elements(true, false)
        select new Spelled(parts, scheme
            + (upper ? parts.Host.ToUpperInvariant() : parts.Host)
            + (parts.Port == 443 && port ? "" : $":{parts.Port}")
            + (parts.Path == "/" && path ? "" : parts.Path)
            + parts.Query);

    // Near misses as well as strangers, or equality would hardly ever be met.
    private static readonly Gen<(Spelled, Spelled)> Pairs =
        from one in AllSpellings
        from other in Gen.OneOf(AllSpellings, AllSpellings.Where(spelled => spelled.Parts.Host == one.Parts.Host))
        from same in AllSpellings
        from pick in Gen.Elements(true, false)
        select (one, pick ? other : same);

    private static readonly Gen<string> Anything = Gen.OneOf(
        AllSpellings.Select(spelled => spelled.Text),
        from start in Gen.Elements("https://", "https://a.example", "https://[::1]", "https:", "")
        from rest in Gen.ArrayOf(Gen.Elements("/?#@:[]%.\\ abc019-_~;+\u00e9\0\u2044".ToCharArray()))
        select start + new string(rest));

    [Fact]
    public void Canonicalisation_is_idempotent() => Holds(Anything, text =>
        !TargetUrl.Parse(text).TryGet(out var url, out _) || The.Url(url.Canonical).Canonical == url.Canonical);

    [Fact]
    public void What_goes_out_is_what_the_key_was_made_of() => Holds(Anything, text =>
        !TargetUrl.Parse(text).TryGet(out var url, out _)
        || (url.Canonical.EndsWith(url.Uri.PathAndQuery, StringComparison.Ordinal)
            && url.Canonical == $"https://{url.Uri.Authority}{url.Uri.PathAndQuery}"
            && (text.EndsWith(url.Uri.PathAndQuery, StringComparison.Ordinal) || text.EndsWith(url.Uri.PathAndQuery[1..], StringComparison.Ordinal))));

    [Fact]
    public void Every_spelling_of_the_same_parts_is_the_same_url() =>
        Holds(AllSpellings, spelled => The.Url(spelled.Text).Canonical == The.Url(spelled.Parts.Plain).Canonical);

    [Fact]
    public void Two_urls_have_the_same_key_exactly_when_they_mean_the_same_parts() =>
        Holds(Pairs, pair => (The.Url(pair.Item1.Text).Canonical == The.Url(pair.Item2.Text).Canonical) == (pair.Item1.Parts == pair.Item2.Parts));

    [Fact]
    public void Mapping_keys_are_equal_exactly_when_service_and_url_are() => Holds(
        from pair in Pairs
        from first in Gen.Elements("TEST_SERVICE", "IDP", "WEBHOOKS", "FAAS")
        from second in Gen.Elements("0", "1", "2", "3")
        select (pair, first: The.Service(first), second: The.Service(second)),
        some => (KeyOf(some.first, some.pair.Item1) == KeyOf(some.second, some.pair.Item2))
            == (some.first == some.second && some.pair.Item1.Parts == some.pair.Item2.Parts));

    [Fact]
    public void A_mapping_key_is_a_legal_row_key() => Holds(AllSpellings, spelled =>
        KeyOf(The.Service(), spelled) is var key && key.Length < 512 && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'));

    private static string KeyOf(ServiceName service, Spelled spelled) => MappingKey.Of(service, The.Url(spelled.Text));

    private static void Holds<T>(Gen<T> cases, Func<T, bool> claim) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(cases.ToArbitrary(), claim));

    private sealed record Parts(string Host, int Port, string Path, string Query)
    {
        public string Plain => $"https://{Host}:{Port}{Path}{Query}";
    }

    private sealed record Spelled(Parts Parts, string Text);
}
