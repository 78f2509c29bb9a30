namespace MtlsFunctions.EndToEndTests.Forwarding;

/// <summary>
/// A gateway that keeps to HTTP/1.1, for tests that count connections: where HTTP/2 is offered and refused, the client now and then
/// (8 of 6,000 times on an idle machine) makes a second connection for the first request.
/// </summary>
public sealed class Http1Fixture(AzuriteFixture azurite) : AccountsFixture(azurite)
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Forwarding:Http2"] = "false" };
}
