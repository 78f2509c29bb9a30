using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MtlsFunctions.Authorization.OAuth;

namespace MtlsFunctions.Tests.Authorization.OAuth;

/// <summary>What holds of base strings whatever the parameters are: nothing that is signed can be changed unnoticed.</summary>
public sealed class BaseStringProperties
{
    private static readonly SignedUrl Url = new("https", "gateway.example", "/mtls");

    /// <summary>Short texts of the characters that mean something in one of the encodings: where two requests could come to look the same.</summary>
    private static readonly Gen<string> Texts = Gen.Elements('a', 'b', '&', '=', '%', '+', ' ', '2', '5', 'ä').ListOf(2).Or(Gen.Elements('a', '&').ListOf()).Select(string.Concat);

    private static readonly Gen<SignedParameter> Parameters = Gen.Zip(Texts, Texts, (name, value) => new SignedParameter(PercentEncoding.Encode(name), PercentEncoding.Encode(value)));

    private static readonly Arbitrary<List<SignedParameter>> Requests = Parameters.ListOf().Select(list => list.ToList()).ToArbitrary();

    [Fact]
    public void The_order_of_parameters_does_not_matter() => Check.QuickThrowOnFailure(Prop.ForAll(
        Requests.Generator.SelectMany(request => Gen.Shuffle(request.ToArray()), (request, shuffled) => (request, shuffled)).ToArbitrary(),
        both => Sign(both.request) == Sign(both.shuffled)));

    [Fact]
    public void Requests_with_different_parameters_have_different_base_strings() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Requests, Requests, (one, other) => Same(one, other) == (Sign(one) == Sign(other))));

    [Fact]
    public void Any_change_of_one_parameter_changes_it() => Check.QuickThrowOnFailure(Prop.ForAll(
        Requests, Parameters.ToArbitrary(), Parameters.ToArbitrary(),
        (request, before, after) => before == after || Sign([.. request, before]) != Sign([.. request, after])));

    [Fact]
    public void A_parameter_more_or_one_twice_changes_it() => Check.QuickThrowOnFailure(Prop.ForAll(
        Requests, Parameters.ToArbitrary(),
        (request, another) => Sign([.. request, another]) != Sign(request) && Sign([.. request, another, another]) != Sign([.. request, another])));

    [Fact]
    public void A_path_that_looks_like_parameters_is_not_taken_for_them() => Check.QuickThrowOnFailure(Prop.ForAll(
        Requests, Texts.ToArbitrary(),
        (request, text) => text.Length == 0 || OAuthSignature.BaseString("GET", Url with { Path = Url.Path + text }, request) != Sign(request)));

    [Fact]
    public void A_query_means_the_same_however_it_is_escaped() => Check.QuickThrowOnFailure(Prop.ForAll(Requests, request =>
        Same([.. SignedParameter.OfForm(Encoding.ASCII.GetBytes(string.Join('&', request.Select(EscapedMore))))], request)));

    private static string Sign(IEnumerable<SignedParameter> request) => OAuthSignature.BaseString("GET", Url, request);

    private static bool Same(IEnumerable<SignedParameter> one, IEnumerable<SignedParameter> other) =>
        one.OrderBy(parameter => $"{parameter}", StringComparer.Ordinal).SequenceEqual(other.OrderBy(parameter => $"{parameter}", StringComparer.Ordinal));

    private static string EscapedMore(SignedParameter parameter) =>
        $"{parameter.Name.Replace("a", "%61", StringComparison.Ordinal)}={parameter.Value.Replace("%20", "+", StringComparison.Ordinal)}";
}
