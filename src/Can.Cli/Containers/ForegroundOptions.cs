using System.CommandLine;
using Can.Cli.Common;
using Can.Engine;
using Can.Engine.Containers;
using Can.Engine.Kernel;

namespace Can.Cli.Containers;

/// <summary>How this process's streams, terminal and signals are joined to a container's: for <c>run</c>, <c>start -a</c> and <c>attach</c>.</summary>
internal sealed class ForegroundOptions
{
    private readonly Option<string?> detachKeys = Opt.Text("--detach-keys", "KEYS", "Keys that leave its terminal; ctrl-p,ctrl-q by default, empty for none");
    private readonly Option<bool> signalProxy = new("--sig-proxy")
    {
        Description = "Hand signals on to it; true by default",
        DefaultValueFactory = static _ => true,
    };

    /// <summary>All of them.</summary>
    public Option[] All => [detachKeys, signalProxy];

    /// <summary>Joins a container for as long as an action takes.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="session">This process.</param>
    /// <param name="input">Standard input is wanted.</param>
    /// <param name="tty">The container has a terminal.</param>
    /// <param name="action">Runs it; its token is cancelled when the user will not wait any longer.</param>
    /// <param name="streams">Which of the output streams are wanted.</param>
    public T Join<T>(
        ParseResult line, Session session, bool input, bool tty, Func<AttachOptions, CancellationToken, T> action, AttachedStreams streams = AttachedStreams.Both)
    {
        var terminal = input && tty && (streams & AttachedStreams.Output) != 0;
        if (terminal && Console.IsInputRedirected)
        {
            throw new CanException("NoTerminal", CanErrorCategory.InvalidOperation,
                "Standard input is not a terminal, so none can be joined. Run it in a terminal, or leave out -t.");
        }

        using var signals = line.GetValue(signalProxy) ? new SignalProxy(session) : null;
        var options = new AttachOptions
        {
            Terminal = terminal,
            StandardInput = input && !terminal ? new DescriptorStream(0) : null,
            DetachAfterInput = streams == AttachedStreams.None,
            StandardOutput = (streams & AttachedStreams.Output) != 0 ? DescriptorStream.StandardOutput() : Stream.Null,
            StandardError = (streams & AttachedStreams.Error) != 0 ? DescriptorStream.StandardError() : Stream.Null,
            DetachKeys = line.GetValue(detachKeys) ?? new AttachOptions().DetachKeys,
            Started = signals is null ? null : signals.Begin,
        };
        return action(options, session.Stopping);
    }
}
