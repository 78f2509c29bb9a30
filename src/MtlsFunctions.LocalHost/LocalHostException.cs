namespace MtlsFunctions.LocalHost;

/// <summary>Something that the person at the keyboard can mend; the message says how and is shown without a stack trace.</summary>
public sealed class LocalHostException(string message) : Exception(message)
{
    public static LocalHostException Of(OptionsValidationException wrong) => new("A setting is wrong:\n  " + string.Join("\n  ", wrong.Failures));
}
