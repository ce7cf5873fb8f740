using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Reads what containers wrote to their standard output and standard error.</summary>
[Cmdlet(VerbsCommon.Get, Nouns.Log, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(LogEntry))]
public sealed class GetCanLogCommand : ContainerCmdlet
{
    /// <summary>Only the last so many lines.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>Only lines that were written after this time.</summary>
    [Parameter]
    public DateTimeOffset? After { get; set; }

    /// <summary>Only lines that were written before this time.</summary>
    [Parameter]
    public DateTimeOffset? Before { get; set; }

    /// <summary>Goes on with new lines until the container ends, or until Ctrl-C.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container)
    {
        var options = new LogOptions { Tail = Tail, After = After, Before = Before, Follow = Follow };
        foreach (var entry in Engine.Containers.ReadLog(container.Id, options, Cancellation))
        {
            WriteObject(entry);
        }
    }
}
