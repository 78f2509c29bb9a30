using System.Runtime.InteropServices;
using MtlsFunctions.LocalHost;
using MtlsFunctions.LocalHost.CopyVault;
using MtlsFunctions.LocalHost.Walkthrough;

// Before anything else: threads inherit it.
BatchScheduling.Ask();
using var ending = new CancellationTokenSource();
void End(PosixSignalContext signal)
{
    // Ours to handle: everything that was started is ended before the process is.
    signal.Cancel = true;
    ending.Cancel();
}

using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
try
{
    if (Flags.AskForHelp(args))
    {
        Console.Out.WriteLine(Flags.Usage);
        return 0;
    }

    if (args is ["hash-password"])
        return HashPassword.Run(Console.In, Console.Out);
    if (args is ["copy-vault", .. var files])
        return await CopyVaultVerb.RunAsync(files, Console.Out.WriteLine, ending.Token);
    var flags = Flags.Parse(args);
    var settings = LocalSettings.Read(LocalSettings.FileName);
    await using var host = await RunningLocalHost.StartAsync(flags, settings, Console.Error.WriteLine, ending.Token);
    if (flags.Walkthrough)
        return await Onboarding.RunAsync(host.Session, Console.Out, ending.Token) ? 0 : 1;

    Console.Error.WriteLine($"Ready: gateway {host.Session.BaseUrl}, console {host.Session.BaseUrl}/console, sandbox {host.Session.SandboxUrl}. Ctrl-C ends everything.");
    var demo = host.Session.Accounts["demo"];
    Console.Error.WriteLine($"Sign in at {host.Session.BaseUrl}/console: account {demo.AccountId}, name {demo.Username}; the password is accounts.demo.password in {host.SessionFile}, "
        + $"beside a p12 to try ({demo.P12Path}) and its password.");
    await Task.Delay(Timeout.Infinite, ending.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    return 0;
}
catch (OperationCanceledException) when (ending.IsCancellationRequested)
{
    return 130;
}
catch (LocalHostException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}
