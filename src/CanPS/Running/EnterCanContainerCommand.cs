using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Containers;

namespace CanPS.Running;

/// <summary>Opens a shell in a running container on this terminal.</summary>
/// <remarks>
/// <para>Runs a shell in a running container on the terminal of this session: /bin/bash where the container has it, else /bin/sh.
/// <c>exit</c> comes back. Where standard input and output are no terminal this is an error; Invoke-CanExec runs commands without
/// one.</para>
/// </remarks>
/// <example>
/// <code>Enter-CanContainer web</code>
/// <para>Opens a shell in a container.</para>
/// </example>
/// <example>
/// <code>Enter-CanContainer web -User nobody -Shell /bin/ash, -l</code>
/// <para>Opens another shell as another user.</para>
/// </example>
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
