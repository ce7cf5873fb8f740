using System.CommandLine;
using Can.Cli.Common;

namespace Can.Cli.Completion;

/// <summary>Writes a shell's completion script.</summary>
internal sealed class CompletionVerb : Verb
{
    private readonly Argument<string> shell = Arg.One("bash|zsh", "The shell");

    public CompletionVerb()
        : base(
            "completion", "Write what makes a shell complete this command", "source <(can completion bash)", "can completion bash > /etc/bash_completion.d/can",
            "can completion zsh > /usr/local/share/zsh/site-functions/_can") => Add(shell);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var name = line.GetValue(shell)!;
        if (name is not ("bash" or "zsh"))
        {
            throw new UsageException($"there is no completion for '{name}', only for bash and zsh");
        }

        using var script = new StreamReader(typeof(CompletionVerb).Assembly.GetManifestResourceStream($"can.{name}")!);
        session.Output.Write(script.ReadToEnd());
        return ExitCode.Success;
    }
}

/// <summary>Says what fits at the end of a command line; the scripts call it.</summary>
internal sealed class CompleteVerb : Verb
{
    /// <summary>The verb's name, which nobody types.</summary>
    public const string Word = "__complete";

    private readonly Argument<string[]> words = Arg.Any("WORD", "The command line without its first word; the last one is not whole");

    public CompleteVerb()
        : base(Word, "Say what fits at the end of a command line", "can __complete run --na")
    {
        Hidden = true;
        Add(words);
    }

    /// <inheritdoc/>
    public override int? CommandAfter => 0;

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        foreach (var (text, description) in new Completer(session).Complete(line.GetValue(words)!))
        {
            session.Output.WriteLine(description.Length > 0 ? $"{text}\t{description}" : text);
        }

        return ExitCode.Success;
    }
}
