using System.Collections;
using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Containers;
using CanPS.Parameters;

namespace CanPS.Running;

/// <summary>A cmdlet that runs a process in a running container.</summary>
public abstract class ExecCmdlet : ContainerCmdlet
{
    /// <summary>Environment variables in addition to the container's: a hashtable, or NAME=VALUE texts; NAME alone takes the value it has here.</summary>
    [Parameter]
    [TextPairs(FromEnvironment = true)]
    public IDictionary? Environment { get; set; }

    /// <summary>Working directory in the container; the container's own by default.</summary>
    [Parameter]
    public string? WorkingDirectory { get; set; }

    /// <summary>User, and group after a colon, by name or number; the container's own by default.</summary>
    [Parameter]
    public string? User { get; set; }

    /// <summary>Gives the process all capabilities and no system call filter.</summary>
    [Parameter]
    public SwitchParameter Privileged { get; set; }

    /// <summary>Keys that leave the process's terminal; empty for none.</summary>
    [Parameter]
    [AllowEmptyString]
    public string DetachKeys { get; set; } = "ctrl-p,ctrl-q";

    /// <summary>What the parameters ask for.</summary>
    private protected ExecOptions Options(IReadOnlyList<string> command, bool tty = false, Stream? input = null) => new()
    {
        Command = command,
        Environment = TextPairsAttribute.PairsOf(Environment),
        WorkingDirectory = WorkingDirectory,
        User = User,
        Privileged = Privileged,
        Tty = tty,
        DetachKeys = DetachKeys,
        StandardInput = input,
    };

    /// <summary>Runs a process on the caller's own terminal.</summary>
    private protected void RunOnTerminal(Container container, IReadOnlyList<string> command)
    {
        CallerTerminal.Require(container);
        if (Engine.Containers.ExecTerminal(container.Id, Options(command, tty: true), Cancellation) is { } exitCode)
        {
            this.SetLastExitCode(exitCode);
        }
    }
}
