using System.Net;

namespace MtlsFunctions.EndToEndTests.Forwarding.Interleaving;

/// <summary>One forward, and what came of it.</summary>
/// <param name="Number">Told to the remote in a header.</param>
/// <param name="Stops">Whether nothing might go without a certificate.</param>
/// <param name="At">Timestamp before it was sent.</param>
/// <param name="Until">Timestamp when the whole answer was there.</param>
/// <param name="Error">Type of the problem, or code of the transport.</param>
/// <param name="Thumbprint">What the remote says it has seen.</param>
internal sealed record Sent(
    int Number, ChangingAccount Account, Place Place, bool Stops, long At, long Until, HttpStatusCode Status, string? Error, string? Thumbprint)
{
    public const string NumberHeader = "X-Forward-Number";

    public override string ToString() =>
        $"forward {Number} of {Account.Name} to {Place.Service} {Place.Url}, {(Stops ? "stopping" : "not stopping")}, {At}..{Until}: {(int)Status} {Error} {Thumbprint}";
}
