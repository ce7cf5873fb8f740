using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Completion;

namespace CanPS.Containers;

/// <summary>Sends a signal to the first process of running containers.</summary>
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
