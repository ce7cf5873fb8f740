using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Containers;

namespace CanPS.Running;

/// <summary>Opens a shell in a running container on this terminal.</summary>
[Cmdlet(VerbsCommon.Enter, Nouns.Container, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(void))]
public sealed class EnterCanContainerCommand : ExecCmdlet
{
    // The container's own shell finds out whether it has a better one; nothing has to look into the root from outside.
    private static readonly string[] BestShell = ["/bin/sh", "-c", "[ -x /bin/bash ] && exec /bin/bash; exec /bin/sh"];

    /// <summary>The shell with its arguments; /bin/bash, else /bin/sh, by default.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[]? Shell { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container) => RunOnTerminal(container, Shell ?? BestShell);
}
