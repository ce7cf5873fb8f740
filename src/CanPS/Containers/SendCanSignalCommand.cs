using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Completion;

namespace CanPS.Containers;

/// <summary>Sends a signal to the first process of running containers.</summary>
/// <remarks>
/// <para>Sends a signal to process 1 of running containers. Unlike Stop-CanContainer it does not say that the container shall stay
/// stopped: a restart policy runs it again when the signal ends it. Without -Init, process 1 gets only signals that it handles, and
/// SIGKILL and SIGSTOP.</para>
/// </remarks>
/// <example>
/// <code>Send-CanSignal web SIGHUP</code>
/// <para>Makes a service read its configuration again.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer web* | Send-CanSignal -Signal USR1</code>
/// <para>Sends a signal to several containers.</para>
/// </example>
[Cmdlet(VerbsCommunications.Send, Nouns.Signal, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SendCanSignalCommand : ContainerActionCmdlet
{
    /// <summary>The signal: a name with or without SIG, or a number.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string Signal { get; set; } = "";

    /// <inheritdoc/>
    private protected override Container Change(Container container)
    {
        Engine.Containers.Signal(container.Id, Signal);
        return Engine.Containers.GetById(container.Id);
    }
}
