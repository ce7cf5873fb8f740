using Can.Engine;

namespace CanPS.Running;

/// <summary>The terminal that this shell itself runs on.</summary>
internal static class CallerTerminal
{
    /// <summary>Whether standard input and output are a terminal.</summary>
    public static bool IsPresent => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    /// <summary>Refuses to go on without one.</summary>
    /// <exception cref="CanException"><c>NoTerminal</c></exception>
    public static void Require(object target)
    {
        if (!IsPresent)
        {
            throw new CanException(
                "NoTerminal", CanErrorCategory.InvalidOperation,
                "Standard input and output of this shell are not a terminal, so none can be joined. Run it in a terminal, or without -Interactive and -Tty.",
                target);
        }
    }
}
