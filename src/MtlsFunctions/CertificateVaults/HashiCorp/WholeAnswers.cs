namespace MtlsFunctions.CertificateVaults.HashiCorp;

/// <summary>
/// Reads each answer to its end inside the attempt, so that one which breaks off is repeated like one that never came, and one
/// which never ends is cut off.
/// </summary>
internal sealed class WholeAnswers(int maxBytes) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(maxBytes, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
