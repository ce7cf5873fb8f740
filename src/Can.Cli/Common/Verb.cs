using System.CommandLine;

namespace Can.Cli.Common;

/// <summary>
/// One verb: its options and arguments are fields that its constructor adds, and <see cref="Run"/> does the work by calls of the
/// engine. Nothing is caught in it: errors and their exit codes are <see cref="CommandLine"/>'s business.
/// </summary>
/// <param name="name">The word people type.</param>
/// <param name="description">One sentence for the help.</param>
/// <param name="examples">Whole command lines for the help, at least one.</param>
internal abstract class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines to learn from.</summary>
    public IReadOnlyList<string> Examples => examples;

    /// <summary>After how many arguments everything belongs to a command that follows, whatever it looks like; null for never.</summary>
    public virtual int? CommandAfter => null;

    /// <summary>Exit code when the engine fails or the command line is wrong.</summary>
    public virtual int FailureCode => ExitCode.Failure;

    /// <summary>Does the work.</summary>
    /// <param name="line">What was given.</param>
    /// <param name="session">The engine and this process's streams.</param>
    /// <returns>The process's exit code.</returns>
    public abstract int Run(ParseResult line, Session session);

    /// <summary>Adds several options at once.</summary>
    protected void Add(params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            Options.Add(option);
        }
    }

    /// <summary>Adds several arguments at once.</summary>
    protected void Add(params ReadOnlySpan<Argument> arguments)
    {
        foreach (var argument in arguments)
        {
            Arguments.Add(argument);
        }
    }
}
