using System.Globalization;

namespace Can.Engine.Containers.Options;

/// <summary>Signals by number and name.</summary>
/// <remarks>signal(7); the numbers are those of x86, Arm, RISC-V and most other architectures.</remarks>
public static class SignalNumber
{
    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    // The C library keeps 32 and 33 for itself.
    private const int FirstRealtime = 34;
    private const int LastRealtime = 64;

    private static readonly string[] Standard =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>Names of all signals but the realtime ones, such as <c>SIGTERM</c>, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Standard.Skip(1).Select(name => "SIG" + name)];

    /// <summary>The number of <c>SIGTERM</c>, <c>TERM</c>, <c>15</c> or <c>RTMIN+1</c>, in any case.</summary>
    /// <exception cref="CanException"><c>SignalInvalid</c></exception>
    public static int Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is > 0 and <= LastRealtime ? number : throw Invalid(text);
        }

        var name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        return name switch
        {
            "" => throw Invalid(text),
            "IOT" => 6,
            "CLD" => 17,
            "POLL" => 29,
            _ when Array.IndexOf(Standard, name) is > 0 and var standard => standard,
            _ => ParseRealtime(name) ?? throw Invalid(text),
        };
    }

    /// <summary>The name of a number, such as <c>SIGTERM</c> or <c>SIGRTMIN+1</c>.</summary>
    public static string Name(int number) => number switch
    {
        > 0 when number < Standard.Length => "SIG" + Standard[number],
        FirstRealtime => "SIGRTMIN",
        > FirstRealtime and <= LastRealtime => string.Create(CultureInfo.InvariantCulture, $"SIGRTMIN+{number - FirstRealtime}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"signal {number}"),
    };

    private static int? ParseRealtime(string name)
    {
        var (origin, sign) = name.StartsWith("RTMIN", StringComparison.Ordinal) ? (FirstRealtime, '+')
            : name.StartsWith("RTMAX", StringComparison.Ordinal) ? (LastRealtime, '-')
            : (0, '\0');
        if (origin == 0 || name.Length == 5)
        {
            return origin == 0 ? null : origin;
        }

        return name[5] == sign && int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var distance)
            && distance <= LastRealtime - FirstRealtime
            ? origin + (sign == '+' ? distance : -distance)
            : null;
    }

    private static CanException Invalid(string text) =>
        OptionError.Invalid("SignalInvalid", "signal", text, "a name such as SIGTERM, TERM or RTMIN+1, or a number from 1 to 64");
}
