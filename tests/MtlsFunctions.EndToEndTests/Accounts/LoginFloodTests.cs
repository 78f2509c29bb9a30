using System.Net;

namespace MtlsFunctions.EndToEndTests.Accounts;

/// <summary>Strangers who log in as nobody, or as somebody else, don't keep the owner out.</summary>
public sealed class LoginFloodTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Beside_three_hundred_made_up_logins_a_real_one_is_let_in_and_most_of_the_others_are_not_even_hashed()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, Persons.Settings);

        var flood = Enumerable.Range(0, 300).Select(number => gateway.LogInAsync($"made-up-{number}", "guessed")).ToArray();
        var real = await gateway.LogInAsync();
        var answers = await Task.WhenAll(flood);

        Assert.Equal(HttpStatusCode.OK, real.Status);
        var busy = answers.Where(answer => answer.Status == HttpStatusCode.ServiceUnavailable).ToArray();
        Assert.InRange(busy.Length, 100, 300);
        Assert.All(busy, answer =>
        {
            answer.IsProblem(HttpStatusCode.ServiceUnavailable, "busy");
            Assert.NotNull(answer.Header("Retry-After"));
        });
        Assert.All(answers.Except(busy), answer => answer.IsProblem(HttpStatusCode.Unauthorized, "login-failed"));
    }

    [Fact]
    public async Task Wrong_secrets_from_elsewhere_lock_out_neither_a_person_nor_a_client()
    {
        await using var gateway = await TestGateway.StartAsync(azurite, new Dictionary<string, string?>(Persons.Settings)
        {
            ["Accounts:AttemptsPerMinute"] = "3",
            ["Throttle:TrustedAddressHeader"] = Persons.AddressHeader,
        });
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var refused = attempt > 3 ? HttpStatusCode.TooManyRequests : HttpStatusCode.Unauthorized;
            Assert.Equal(refused, (await gateway.LogInAsync(password: "guessed", from: "198.51.100.7")).Status);
            Assert.Equal(refused, (await gateway.TokenAsync(secret: "guessed", from: "198.51.100.7")).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.LogInAsync(from: "192.0.2.1")).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.TokenAsync(from: "192.0.2.1")).Status);
    }
}
