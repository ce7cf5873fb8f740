using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Containers;

namespace CanPS.Running;

/// <summary>Joins this terminal, or the pipeline, to a running container's own standard streams.</summary>
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
