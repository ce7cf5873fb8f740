using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Containers;
using CanPS.Parameters;

namespace CanPS.Running;

/// <summary>Runs a process in running containers and emits the lines it writes.</summary>
/// <remarks>
/// <para>Runs a process beside the command of running containers, in their namespaces and under their limits, and emits the lines
/// of its standard output as they are written. Lines of standard error go to the error output of the host. $LASTEXITCODE is the
/// exit code; one that is not 0 is data and no error.</para>
/// <para>Text from the pipeline becomes the process's standard input when the container is named on the command line; otherwise the
/// pipeline gives the containers. With -Interactive in a terminal that terminal is joined.</para>
/// <para>The command follows the container; write -- in front of it, or give an array with -Command. From a pipeline only the array
/// works.</para>
/// </remarks>
/// <example>
/// <code>Invoke-CanExec web -- ps -ef</code>
/// <para>Shows the processes in a container as it sees them.</para>
/// </example>
/// <example>
/// <code>(Invoke-CanExec web -AsResult -- test -e /etc/motd).ExitCode</code>
/// <para>Gets the exit code of a command.</para>
/// </example>
/// <example>
/// <code>Get-Content ./site.conf | Invoke-CanExec web -- sh -c 'cat &gt;/etc/site.conf'</code>
/// <para>Writes a file in a container.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer web* | Invoke-CanExec -Command hostname</code>
/// <para>Runs a command in several containers.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, Nouns.Exec, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(ExecResult))]
public sealed class InvokeCanExecCommand : ExecCmdlet
{
    private readonly StandardInputBuffer input = new();
    private bool targetTyped;

    /// <summary>Program and arguments; write -- in front of it when one of its words begins with -, or give an array.</summary>
    [Parameter(Mandatory = true, ValueFromRemainingArguments = true)]
    [ValidateNotNullOrEmpty]
    public object?[] Command { get; set; } = [];

    /// <summary>Lines for the process's standard input; from the pipeline when the container is named on the command line.</summary>
    [Parameter(ValueFromPipeline = true)]
    public string[]? StandardInput { get; set; }

    /// <summary>Standard input stays open; in a terminal, the process gets a terminal that is joined to it.</summary>
    [Parameter]
    public SwitchParameter Interactive { get; set; }

    /// <summary>With -Interactive: the process must get a terminal; it is an error when there is none here.</summary>
    [Parameter]
    public SwitchParameter Tty { get; set; }

    /// <summary>Emits one ExecResult with the exit code and all lines instead of the lines.</summary>
    [Parameter]
    public SwitchParameter AsResult { get; set; }

    private bool HasInput => targetTyped && (MyInvocation.ExpectingInput || StandardInput is not null);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        var bound = MyInvocation.BoundParameters;
        targetTyped = bound.ContainsKey(nameof(Name)) || bound.ContainsKey(nameof(Id)) || bound.ContainsKey(nameof(InputObject));
    }

    // What comes by the pipeline is the container, or the process's input where the container was named on the command line.
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (targetTyped)
        {
            input.Add(StandardInput ?? []);
        }
        else
        {
            base.ProcessRecord();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (targetTyped)
        {
            base.ProcessRecord();
        }
    }

    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container)
    {
        var command = CommandLine.From(Command) ?? [];
        if (!ShouldProcess(Describe(container), "Run " + string.Join(' ', command)))
        {
            return;
        }

        if (Interactive && !HasInput && !AsResult && (Tty || CallerTerminal.IsPresent))
        {
            RunOnTerminal(container, command);
            return;
        }

        var stream = HasInput ? input.Open() : Interactive ? Console.OpenStandardInput() : null;
        var options = Options(command, Tty, stream);
        var result = AsResult
            ? Engine.Containers.Exec(container.Id, options, null, Cancellation)
            : new LineRelay(this).Run(onLine => Engine.Containers.Exec(container.Id, options, onLine, Cancellation));
        this.SetLastExitCode(result.ExitCode);
        if (AsResult)
        {
            WriteObject(result);
        }
    }
}
