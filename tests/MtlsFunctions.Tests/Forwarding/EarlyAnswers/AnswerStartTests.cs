using System.Text;
using MtlsFunctions.Forwarding.EarlyAnswers;

namespace MtlsFunctions.Tests.Forwarding.EarlyAnswers;

/// <summary>What is read of an answer's head before the HTTP client sees it.</summary>
public sealed class AnswerStartTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX: 1\r\n\r\nbody")]
    [InlineData("HTTP/1.1 200 OK\n\nbody")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: 1\r\n")]
    [InlineData("")]
    public void The_end_of_a_head_is_found_wherever_the_reads_divide_it(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var whole = AnswerStart.EndOf(bytes, 0);
        for (var first = 0; first <= bytes.Length; first++)
        {
            var end = AnswerStart.EndOf(bytes.AsSpan(0, first), 0);
            Assert.Equal(whole, end >= 0 ? end : AnswerStart.EndOf(bytes, Math.Max(0, first - 3)));
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No", 204)]
    [InlineData("HTTP/1.0 200\r\n", 200)]
    [InlineData("HTTP/1.1 000 X", 0)]
    [InlineData("HTTP/1.1 20 OK", 0)]
    [InlineData("HTTP/2.0 200 OK", 0)]
    [InlineData("HTTP/1.1 200", 0)]
    public void The_status_is_what_stands_there(string text, int status) => Assert.Equal(status, AnswerStart.StatusOf(Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData(204, "content-length: 2", true)]
    [InlineData(204, "Transfer-Encoding : chunked", true)]
    [InlineData(204, "Content-Length:\t0 ", false)]
    [InlineData(204, "X-Content-Length: 2", false)]
    [InlineData(304, "Content-Length: 2", false)]
    [InlineData(200, "Content-Length: 2", false)]
    public void A_body_where_none_may_be_is_told_by_its_framing(int status, string line, bool forbidden) =>
        Assert.Equal(forbidden, AnswerStart.HasForbiddenBody(status, Encoding.Latin1.GetBytes($"HTTP/1.1 {status} X\r\n{line}\r\n\r\n")));
}
