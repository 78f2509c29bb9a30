using MtlsFunctions.Certificates;
using MtlsFunctions.Forwarding;
using MtlsFunctions.Shared;

namespace MtlsFunctions.Tests.Forwarding;

public sealed class WarmHandlerTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Disposals disposals = new();

    [Fact]
    public void A_retired_handler_ends_at_once_when_nobody_uses_it()
    {
        var handler = Make();
        handler.Retire();

        Assert.Equal(1, disposals.Count);
        Assert.False(handler.TryEnter(Now));
    }

    [Fact]
    public void In_flight_it_ends_with_the_last_one_out()
    {
        var handler = Make();
        Assert.True(handler.TryEnter(Now) && handler.TryEnter(Now));

        handler.Retire();
        Assert.Equal(0, disposals.Count);
        handler.Leave();
        Assert.Equal(0, disposals.Count);
        handler.Leave();
        Assert.Equal(1, disposals.Count);
    }

    [Fact]
    public void A_retired_handler_takes_no_new_users_while_the_old_ones_are_in_flight()
    {
        var handler = Make();
        Assert.True(handler.TryEnter(Now));
        handler.Retire();

        Assert.False(handler.TryEnter(Now));
        handler.Leave();
        Assert.Equal(1, disposals.Count);
    }

    [Fact]
    public void Retiring_twice_counts_once()
    {
        var handler = Make();
        handler.TryEnter(Now);
        handler.Retire();
        handler.Retire();

        Assert.Equal(0, disposals.Count);
        handler.Leave();
        Assert.Equal(1, disposals.Count);
    }

    [Fact]
    public async Task Many_who_come_and_go_while_it_is_retired_leave_it_disposed_once()
    {
        var handler = Make();
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var users = Enumerable.Range(0, 64).Select(async user =>
        {
            await start.Task;
            if (user % 16 == 0)
                handler.Retire();
            for (var round = 0; round < 1000 && handler.TryEnter(Now); round++)
            {
                Assert.Equal(0, disposals.Count);
                handler.Leave();
            }
        }).ToArray();
        start.SetResult();
        await Task.WhenAll(users);

        Assert.Equal(1, disposals.Count);
    }

    [Fact]
    public void It_ends_with_its_certificate_and_takes_it_along()
    {
        var client = new TestPki().IssueClient();
        var certificate = new ClientCertificate(client.Certificate, []);
        var ends = certificate.NotAfter;
        var handler = new WarmHandler(disposals.Invoker(), certificate);
        Assert.Equal(ends, handler.Ends);

        handler.Retire();

        Assert.Equal(IntPtr.Zero, client.Certificate.Handle);
        // Another one's sweep may look at it even now.
        Assert.Equal(ends, handler.Ends);
        Assert.Equal(DateTimeOffset.MaxValue, Make().Ends);
    }

    [Fact]
    public void It_remembers_when_it_was_used_last()
    {
        var handler = Make();
        handler.TryEnter(Now);
        handler.TryEnter(Now.AddMinutes(1));
        handler.Leave();

        Assert.Equal(Now.AddMinutes(1).UtcTicks, handler.LastUsed);
    }

    private WarmHandler Make() => new(disposals.Invoker(), certificate: null);
}
