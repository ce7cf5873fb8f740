using Can.Engine;

namespace Can.Cli.Common;

/// <summary>Exit codes, as Docker's.</summary>
internal static class ExitCode
{
    /// <summary>Everything was done.</summary>
    public const int Success = 0;

    /// <summary>Something was not done.</summary>
    public const int Failure = 1;

    /// <summary>Of a verb that otherwise ends with the exit code of a command: the engine failed.</summary>
    public const int Engine = 125;

    /// <summary>The command cannot be executed.</summary>
    public const int NotExecutable = 126;

    /// <summary>There is no such command in the container.</summary>
    public const int NotFound = 127;

    /// <summary>A signal ended it: this number more.</summary>
    public const int Signal = 128;

    /// <summary>The exit code for an error of the engine.</summary>
    /// <param name="error">The error.</param>
    /// <param name="otherwise">The one of the verb.</param>
    public static int Of(CanException error, int otherwise) => otherwise == Failure ? otherwise : error.ErrorId switch
    {
        "CommandNotFound" => NotFound,
        "CommandNotExecutable" or "CommandFormatInvalid" => NotExecutable,
        _ => otherwise,
    };
}
