using System.Management.Automation;
using Can.Engine;
using Can.Engine.Containers;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <summary>Measures what running containers use, once or again and again.</summary>
/// <remarks>
/// <para>Reads the counters of the containers' cgroups: processor time, memory, processes and block I/O. CpuPercent is the share of
/// one processor since the sample before, or over a short pause for the first one; 100 is one whole processor. What the host's
/// cgroups do not measure is empty.</para>
/// </remarks>
/// <example>
/// <code>Measure-CanContainer web</code>
/// <para>Measures a container once.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer -State Running | Measure-CanContainer -Continuous -Interval 2</code>
/// <para>Measures all running containers every two seconds until Ctrl-C.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Measure, Nouns.Container, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(ContainerStatistics))]
public sealed class MeasureCanContainerCommand : ContainerCmdlet
{
    private readonly Dictionary<string, ContainerStatistics?> samples = new(StringComparer.Ordinal);

    /// <summary>Goes on measuring until Ctrl-C, or until none of the containers runs.</summary>
    [Parameter]
    public SwitchParameter Continuous { get; set; }

    /// <summary>Seconds (or a TimeSpan) between two samples with -Continuous; 1 second by default.</summary>
    [Parameter]
    [Duration]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container)
    {
        if (Continuous)
        {
            samples[container.Id] = null;
        }
        else
        {
            WriteObject(Engine.Containers.Measure(container.Id, null, Cancellation));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        while (samples.Count > 0)
        {
            foreach (var id in samples.Keys.ToArray())
            {
                Sample(id);
            }

            if (Cancellation.WaitHandle.WaitOne(Interval))
            {
                return;
            }
        }
    }

    // One that cannot be measured at all is an error; one that has ended since is just measured no more.
    private void Sample(string id)
    {
        try
        {
            var sample = Engine.Containers.Measure(id, samples[id], Cancellation);
            samples[id] = sample;
            WriteObject(sample);
        }
        catch (CanException exception)
        {
            samples.Remove(id, out var previous);
            if (previous is null)
            {
                WriteError(exception);
            }
            else
            {
                WriteVerbose(exception.Message);
            }
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            samples.Clear();
        }
    }
}
