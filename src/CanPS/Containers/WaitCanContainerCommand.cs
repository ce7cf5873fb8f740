using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <summary>Waits until containers meet a condition, and emits them as they are then.</summary>
/// <remarks>
/// <para>Collects the containers and waits until all of them meet the condition, or one of them with -Any. Exited means that a
/// container does not run and will not be restarted; Healthy, that its health check has succeeded. The containers are emitted as they are then, with their exit codes.</para>
/// <para>When the time of -Timeout is over, an error with the category OperationTimeout is written.</para>
/// </remarks>
/// <example>
/// <code>Wait-CanContainer web | Select-Object Name, ExitCode</code>
/// <para>Waits for a container's end and shows its exit code.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer job* | Wait-CanContainer -Any -Timeout 60</code>
/// <para>Waits a minute at most for the first of several containers.</para>
/// </example>
/// <example>
/// <code>New-CanContainer busybox -HealthCommand 'test -e /ready' -HealthInterval 0.1 -- sh -c 'sleep 1; touch /ready; sleep 60' | Wait-CanContainer -Condition Healthy</code>
/// <para>Starts a container and goes on when it is ready.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Wait, Nouns.Container, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(Container))]
public sealed class WaitCanContainerCommand : ContainerCmdlet
{
    private readonly List<Container> waiting = [];

    /// <summary>What to wait for: Exited (default), Running, Removed or Healthy.</summary>
    [Parameter]
    public WaitCondition Condition { get; set; }

    /// <summary>Seconds (or a TimeSpan) to wait at most; without it the wait has no end.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Ends as soon as one of the containers meets the condition, and emits only those that do.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container) => waiting.Add(container);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (waiting.Count > 0)
        {
            Attempt(Wait, waiting.Count == 1 ? waiting[0] : waiting.ToArray());
        }
    }

    private void Wait()
    {
        string[] ids = [.. waiting.Select(container => container.Id).Distinct()];
        WriteObject(Engine.Containers.Wait(ids, Condition, Any, Timeout, Cancellation), enumerateCollection: true);
    }
}
