using System.Management.Automation;
using Can.Engine.Containers;
using Can.Engine.Images;
using CanPS.Containers;

namespace CanPS.Running;

/// <summary>Runs a container in the foreground to its end and removes it.</summary>
/// <remarks>
/// <para>Runs a container in the foreground, emits the lines of its standard output as they are written, and removes it at the end,
/// as <c>docker run --rm</c> does. Lines of standard error go to the error output of the host, as those of native commands do.
/// $LASTEXITCODE is the container's exit code; one that is not 0 is data and no error.</para>
/// <para>-Interactive in a terminal joins that terminal to the container, as <c>docker run -ti</c> does. Text from the pipeline
/// becomes the command's standard input. Ctrl-C kills and removes the container.</para>
/// <para>An image that is missing is received from its registry first, as Receive-CanImage would; -Pull says otherwise.</para>
/// <para>The command follows the image; write -- in front of it, or give an array with -Command.</para>
/// </remarks>
/// <example>
/// <code>Invoke-CanContainer busybox -- ls -l /</code>
/// <para>Runs a command and shows its output.</para>
/// </example>
/// <example>
/// <code>Invoke-CanContainer busybox -Interactive</code>
/// <para>Opens the image's shell on this terminal.</para>
/// </example>
/// <example>
/// <code>'one', 'two' | Invoke-CanContainer busybox -- wc -l</code>
/// <para>Feeds lines to a command.</para>
/// </example>
/// <example>
/// <code>$result = Invoke-CanContainer busybox -AsResult -- sh -c 'echo out; echo err &gt;&amp;2; exit 3'</code>
/// <para>Gets exit code, output and error output as one object.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, Nouns.Container, DefaultParameterSetName = ParameterSets.Image, SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(RunResult))]
public sealed class InvokeCanContainerCommand : ImageTakingCmdlet
{
    private readonly StandardInputBuffer input = new();

    /// <summary>Image objects; a container of each is run, one after the other.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ParameterSets.ImageObject)]
    [ValidateNotNull]
    public Image[] InputObject { get; set; } = [];

    /// <summary>Lines for the command's standard input.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = ParameterSets.Image)]
    public string[]? StandardInput { get; set; }

    /// <summary>The container's name; one is made up when none is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Keeps the container when it has ended.</summary>
    [Parameter]
    public SwitchParameter Keep { get; set; }

    /// <summary>Emits one RunResult with the exit code and all lines instead of the lines.</summary>
    [Parameter]
    public SwitchParameter AsResult { get; set; }

    /// <summary>Keys that leave the container's terminal and let it run on; empty for none.</summary>
    [Parameter]
    [AllowEmptyString]
    public string DetachKeys { get; set; } = "ctrl-p,ctrl-q";

    private bool HasInput => MyInvocation.ExpectingInput || StandardInput is not null;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ParameterSets.Image)
        {
            input.Add(StandardInput ?? []);
            return;
        }

        foreach (var image in InputObject)
        {
            Attempt(() => Run(image, null), image);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (MyInvocation.BoundParameters.ContainsKey(nameof(Image)))
        {
            Attempt(() => Run(null, HasInput ? input.Open() : null), Image);
        }
    }

    private void Run(Image? image, Stream? lines)
    {
        if (!ShouldProcess(image?.ToString() ?? Image, "Run container"))
        {
            if (IsWhatIf)
            {
                ForeseePull(Options(image, Name));
            }

            return;
        }

        var joined = Interactive && lines is null && !AsResult && (Tty || CallerTerminal.IsPresent);
        if (joined)
        {
            CallerTerminal.Require(image?.ToString() ?? Image);
        }

        var options = Options(image, Name) with { Interactive = Interactive || lines is not null, Tty = Tty || joined };
        var attach = new AttachOptions
        {
            Terminal = joined,
            StandardInput = lines ?? (Interactive && !joined ? Console.OpenStandardInput() : null),
            DetachKeys = DetachKeys,
        };
        Write(AsResult
            ? Engine.Containers.Run(options, attach, !Keep, null, Cancellation)
            : new LineRelay(this).Run(onLine => Engine.Containers.Run(options, attach, !Keep, joined ? null : onLine, Cancellation)));
    }

    private void Write(RunResult result)
    {
        if (result.ExitCode is { } exitCode)
        {
            this.SetLastExitCode(exitCode);
        }

        if (AsResult)
        {
            WriteObject(result);
        }
    }
}
