using System.CommandLine;
using Can.Engine;

namespace Can.Cli.Common;

/// <summary>From the words of a command line to an exit code; the one place where errors become text.</summary>
internal static class CommandLine
{
    // A file's content in place of @file is nothing that Docker's users expect, and addresses of mail begin no differently.
    private static readonly ParserConfiguration Parser = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    private const int BrokenPipe = 32;
    private const int SigPipe = 13;

    /// <summary>Runs a command line.</summary>
    /// <returns>The process's exit code.</returns>
    public static int Run(string[] arguments)
    {
        using var session = new Session();
        if (arguments is ["run" or "create" or "plan", ..])
        {
            session.ReadAhead();
        }

        var tree = CommandTree.For(arguments, out var words, out var verb);
        try
        {
            var result = verb is null ? Overview(tree, arguments, words, session) : Run(tree, arguments, words, verb, session);
            session.Flush();
            session.PassOnWarnings();
            return result;
        }
        catch (UsageException error)
        {
            session.Flush();
            session.Complain($"{error.Message}. See 'can {string.Join(' ', arguments.Take(words).Append("--help"))}'.");
            return verb?.FailureCode ?? ExitCode.Failure;
        }
        catch (CanException error)
        {
            session.Flush();
            session.Complain(error);
            return ExitCode.Of(error, verb?.FailureCode ?? ExitCode.Failure);
        }
        catch (OperationCanceledException)
        {
            return session.SignalCode;
        }
        catch (IOException error) when (error.HResult == BrokenPipe)
        {
            // Whoever read the output has seen enough; this is what SIGPIPE would have said.
            session.Forget();
            return ExitCode.Signal + SigPipe;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            session.Complain(error.Message);
            return verb?.FailureCode ?? ExitCode.Failure;
        }
    }

    private static int Run(Command tree, string[] arguments, int words, Verb verb, Session session)
    {
        var (given, asksForHelp) = new Words(verb).Read(arguments.AsSpan(words));
        if (asksForHelp)
        {
            return CommandTree.AddHelp(tree).Parse([.. arguments.AsSpan(0, words), "--help"], Parser).Invoke();
        }

        var line = tree.Parse([.. arguments.AsSpan(0, words), .. given], Parser);

        if (line.Errors is [var error, ..])
        {
            throw new UsageException(error.Message.TrimEnd('.'));
        }

        return verb.Run(line, session);
    }

    /// <summary>What has no verb: a question for help, or something that is none.</summary>
    private static int Overview(Command tree, string[] arguments, int words, Session session)
    {
        var rest = arguments.AsSpan(words);
        if (rest is [] or ["-h" or "--help" or "help", ..])
        {
            tree.Parse([.. arguments.AsSpan(0, words), "--help"], Parser).Invoke();
            return rest is [] && words > 0 ? ExitCode.Failure : ExitCode.Success;
        }

        if (words == 0 && rest is ["-v" or "--version" or "version", ..])
        {
            session.Output.WriteLine($"can {Session.Version}");
            return ExitCode.Success;
        }

        throw new UsageException(rest[0].StartsWith('-')
            ? $"there is no option {rest[0]} in front of a verb"
            : $"there is no verb '{string.Join(' ', arguments.Take(words + 1))}'");
    }
}
