using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Gets the processes of running containers as the host sees them.</summary>
[Cmdlet(VerbsCommon.Get, Nouns.Process, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(ContainerProcess))]
public sealed class GetCanProcessCommand : ContainerCmdlet
{
    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container) =>
        WriteObject(Engine.Containers.Processes(container.Id), enumerateCollection: true);
}
