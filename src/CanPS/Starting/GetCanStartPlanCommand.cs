using System.Management.Automation;
using Can.Engine.Containers;
using Can.Engine.Images;
using Can.Engine.Starting;
using CanPS.Completion;
using CanPS.Containers;
using CanPS.Parameters;

namespace CanPS.Starting;

/// <summary>Shows what the kernel will be asked, step by step, when a container starts; nothing is made or started.</summary>
/// <remarks>
/// <para>The engine compiles a container into a list of steps, each one system call or a tiny fixed group, which the helper
/// can-monitor carries out. This cmdlet emits those steps for existing containers, or for a new one with the parameters of
/// New-CanContainer. Nothing is made or started.</para>
/// <para>The stage says who carries a step out: the monitor once, the monitor on the host for every run, the child that becomes the
/// container, or the monitor at the end. The last two, Probe and ProbeChild, are those of a health check's command and the process
/// that watches over it. An error of a start names the index of the step that failed.</para>
/// </remarks>
/// <example>
/// <code>Get-CanStartPlan web</code>
/// <para>Shows the plan of an existing container.</para>
/// </example>
/// <example>
/// <code>Get-CanStartPlan -Image busybox -Memory 64MB -ReadOnly -- sleep 300</code>
/// <para>Shows the plan of a container that does not exist.</para>
/// </example>
/// <example>
/// <code>Get-CanStartPlan web | Group-Object Stage</code>
/// <para>Counts the steps of each stage.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, Nouns.StartPlan, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(StartPlanStep))]
public sealed class GetCanStartPlanCommand : NewContainerCmdlet
{
    /// <summary>Names of containers; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ParameterSets.Name)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Ids of containers, or beginnings of Ids that fit one container only.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Id)]
    [ValidateNotNullOrEmpty]
    [Text]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Container objects.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public Container[] InputObject { get; set; } = [];

    /// <summary>Image objects; the plan is that of a new container.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ParameterSets.ImageObject)]
    [ValidateNotNull]
    public Image[] ImageObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ParameterSets.Image:
                Attempt(() => Write(Engine.Containers.Plan(Options(null, null))), Image);
                break;
            case ParameterSets.ImageObject:
                WriteEach(ImageObject, image => Engine.Containers.Plan(Options(image, null)));
                break;
            case ParameterSets.Id:
                WriteEach(ContainerFinder.ById(Engine.Containers, Id, WriteError), PlanOf);
                break;
            case ParameterSets.InputObject:
                WriteEach(InputObject, PlanOf);
                break;
            default:
                WriteEach(ContainerFinder.ByName(Engine.Containers, Name, WriteError), PlanOf);
                break;
        }
    }

    private StartPlan PlanOf(Container container) => Engine.Containers.Plan(container.Id);

    private void WriteEach<T>(IEnumerable<T> items, Func<T, StartPlan> plan)
        where T : class =>
        Attempt(
            () =>
            {
                foreach (var item in items)
                {
                    Attempt(() => Write(plan(item)), item);
                }
            },
            null);

    private void Write(StartPlan plan) => WriteObject(StartPlanStep.Of(plan), enumerateCollection: true);
}
