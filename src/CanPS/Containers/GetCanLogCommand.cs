using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>Reads what containers wrote to their standard output and standard error.</summary>
/// <remarks>
/// <para>Emits one object per line, the oldest first, with its time and the stream it was written to. On the screen lines of
/// standard error have the colour of errors; Format-Table shows times and streams.</para>
/// <para>Reading ends at the log's present end; -Follow goes on.</para>
/// </remarks>
/// <example>
/// <code>Get-CanLog web -Tail 20 -Follow</code>
/// <para>Shows the last 20 lines and then those that are written.</para>
/// </example>
/// <example>
/// <code>Get-CanLog web -After (Get-Date).AddMinutes(-5) | Where-Object Stream -eq Error</code>
/// <para>Gets what was written to standard error in the last five minutes.</para>
/// </example>
/// <example>
/// <code>Get-CanLog web | Format-Table</code>
/// <para>Shows the time and the stream of every line.</para>
/// </example>
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
