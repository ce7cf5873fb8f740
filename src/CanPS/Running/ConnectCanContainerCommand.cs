using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Containers;

namespace CanPS.Running;

/// <summary>Joins this terminal, or the pipeline, to a running container's own standard streams.</summary>
/// <remarks>
/// <para>Joins a running container's own command until it ends or the detach keys are pressed (Ctrl-P, Ctrl-Q by default); the
/// container runs on after detaching. A container with a terminal gets this one; of any other the lines are emitted as they are
/// written, and Ctrl-C detaches. What was written before is in Get-CanLog.</para>
/// </remarks>
/// <example>
/// <code>Connect-CanContainer web</code>
/// <para>Joins a container.</para>
/// </example>
/// <example>
/// <code>Connect-CanContainer web -DetachKeys ctrl-x</code>
/// <para>Joins a container that Ctrl-X leaves.</para>
/// </example>
/// <example>
/// <code>Connect-CanContainer web -NoInput</code>
/// <para>Only watches.</para>
/// </example>
[Cmdlet(VerbsCommunications.Connect, Nouns.Container, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(string))]
public sealed class ConnectCanContainerCommand : ContainerCmdlet
{
    /// <summary>Keys that leave the container and let it run on; empty for none.</summary>
    [Parameter]
    [AllowEmptyString]
    public string DetachKeys { get; set; } = "ctrl-p,ctrl-q";

    /// <summary>Only shows what the container writes and sends it nothing.</summary>
    [Parameter]
    public SwitchParameter NoInput { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container)
    {
        var terminal = container.Tty && !NoInput && CallerTerminal.IsPresent;
        var options = new AttachOptions
        {
            Terminal = terminal,
            StandardInput = InputFor(container, terminal),
            DetachKeys = DetachKeys,
        };
        var exitCode = terminal
            ? Engine.Containers.Attach(container.Id, options, null, Cancellation)
            : new LineRelay(this).Run(onLine => Engine.Containers.Attach(container.Id, options, onLine, Cancellation));
        if (exitCode is { } code)
        {
            this.SetLastExitCode(code);
        }
    }

    // A read from a terminal cannot be called back: after detaching it would swallow the shell's next line.
    private Stream? InputFor(Container container, bool terminal) =>
        container.Interactive && !NoInput && !terminal && Console.IsInputRedirected ? Console.OpenStandardInput() : null;
}
