using System.Net;
using System.Text.Json.Nodes;
using RestSharp;
using RestSharp.Authenticators;
using RestSharp.Authenticators.OAuth;

namespace MtlsFunctions.EndToEndTests;

/// <summary>An app key whose requests RestSharp signs: what it makes of RFC 5849 owes nothing to our reading of it.</summary>
public sealed record AppKey(long Id, string ConsumerKey, string ConsumerSecret, string Token, string TokenSecret)
{
    public static AppKey Of(JsonNode created) => new(
        (long)created["id"]!, (string)created["consumerKey"]!, (string)created["consumerSecret"]!, (string)created["token"]!, (string)created["tokenSecret"]!);

    /// <returns>The whole Authorization header.</returns>
    public string Sign(HttpMethod method, string url) => Sign(method, url, OAuthSignatureMethod.HmacSha1);

    /// <returns>The whole Authorization header.</returns>
    public string Sign(HttpMethod method, string url, OAuthSignatureMethod signature, IEnumerable<(string Name, string Value)>? form = null)
    {
        using var client = new RestClient();
        var request = new RestRequest(url.Split('?')[0], Enum.Parse<Method>(method.Method, ignoreCase: true));
        foreach (var pair in url.Contains('?') ? url.Split('?')[1].Split('&') : [])
            request.AddQueryParameter(WebUtility.UrlDecode(pair.Split('=')[0]), pair.Contains('=') ? WebUtility.UrlDecode(pair.Split('=')[1]) : "");
        foreach (var (name, value) in form ?? [])
            request.AddParameter(name, value, ParameterType.GetOrPost);
        var authenticator = OAuth1Authenticator.ForProtectedResource(ConsumerKey, ConsumerSecret, Token, TokenSecret, signature);
        authenticator.Authenticate(client, request).AsTask().GetAwaiter().GetResult();
        return (string)request.Parameters.Single(parameter => parameter.Name == "Authorization").Value!;
    }
}
