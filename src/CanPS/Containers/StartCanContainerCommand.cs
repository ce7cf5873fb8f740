using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Starting;

namespace CanPS.Containers;

/// <summary>Starts containers; one that runs is left alone.</summary>
/// <remarks>
/// <para>Starts containers that were made with -NoStart or that have ended. The file system is the one the last run left; the log
/// goes on. A container that runs already is left alone.</para>
/// <para>-WhatIf shows what the kernel would be asked, step by step.</para>
/// </remarks>
/// <example>
/// <code>Start-CanContainer web -PassThru</code>
/// <para>Starts a container and shows it.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer -State Exited | Start-CanContainer</code>
/// <para>Starts every container that has ended.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Start, Nouns.Container, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class StartCanContainerCommand : ContainerActionCmdlet
{
    /// <inheritdoc/>
    private protected override Container Change(Container container) => Engine.Containers.Start(container.Id, Cancellation);

    /// <inheritdoc/>
    private protected override void ShowPlan(Container container)
    {
        if (IsWhatIf)
        {
            this.WritePlan(Engine.Containers.Plan(container.Id));
        }
    }
}
