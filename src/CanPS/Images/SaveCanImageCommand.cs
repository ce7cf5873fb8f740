using System.Collections;
using System.Management.Automation;
using Can.Engine.Containers;
using Can.Engine.Images;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Containers;
using CanPS.Parameters;

namespace CanPS.Images;

/// <summary>Makes an image of a container.</summary>
/// <remarks>
/// <para>Makes an image of a container, running or not: the layers of its image, and one more with everything the container has
/// changed. The content of volumes and other mounts is not in it. A running container stands still while its files are read and runs
/// on afterwards; -NoSuspend lets it run, and then the image may hold files of different moments. The image has the configuration of
/// the container's image but for what the parameters change. When it fails or is stopped, nothing is left.</para>
/// </remarks>
/// <example>
/// <code>Save-CanImage web site:1.1</code>
/// <para>Makes an image of a container and names it.</para>
/// </example>
/// <example>
/// <code>Save-CanImage build -Reference tool -Entrypoint /usr/bin/tool -Environment @{ MODE = 'fast' } -Author 'A. Smith' -Message 'Add the tool'</code>
/// <para>Changes what containers of the image will run, and says who made it and why.</para>
/// </example>
/// <example>
/// <code>Save-CanImage build tool -Change 'ENTRYPOINT ["/usr/bin/tool"]', 'ENV MODE=fast'</code>
/// <para>The same changes as a Dockerfile would have them.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer test* | Save-CanImage -NoSuspend</code>
/// <para>Makes images without a name of several containers, and lets them run meanwhile.</para>
/// </example>
[Cmdlet(VerbsData.Save, Nouns.Image, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Image))]
public sealed class SaveCanImageCommand : ContainerCmdlet
{
    /// <summary>Reference for the image, such as site:1.1; taken over from an image that has it.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public string? Reference { get; set; }

    /// <summary>Who made the image.</summary>
    [Parameter]
    public string? Author { get; set; }

    /// <summary>What the image's history says about the change.</summary>
    [Parameter]
    public string? Message { get; set; }

    /// <summary>Lets a running container run while its files are read.</summary>
    [Parameter]
    public SwitchParameter NoSuspend { get; set; }

    /// <summary>The command of containers that give none.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[]? Command { get; set; }

    /// <summary>Program and leading arguments of containers; the image's command is dropped then, unless -Command gives one.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[]? Entrypoint { get; set; }

    /// <summary>Environment variables to add or change: a hashtable, or NAME=VALUE texts.</summary>
    [Parameter]
    [TextPairs(FromEnvironment = true)]
    public IDictionary? Environment { get; set; }

    /// <summary>Labels to add or change: a hashtable, or NAME=VALUE texts.</summary>
    [Parameter]
    [TextPairs]
    public IDictionary? Label { get; set; }

    /// <summary>User, and group after a colon, of containers.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? User { get; set; }

    /// <summary>Working directory of containers.</summary>
    [Parameter]
    public string? WorkingDirectory { get; set; }

    /// <summary>Ports to add that containers listen on, such as 80 or 53/udp; for information.</summary>
    [Parameter]
    public string[] ExposedPort { get; set; } = [];

    /// <summary>Paths to add that get a volume in containers.</summary>
    [Parameter]
    public string[] Volume { get; set; } = [];

    /// <summary>Signal that asks containers to end.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? StopSignal { get; set; }

    /// <summary>Further changes, as lines of a Dockerfile: CMD, ENTRYPOINT, ENV, LABEL, USER, WORKDIR, EXPOSE, VOLUME or STOPSIGNAL.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Change { get; set; } = [];

    /// <inheritdoc/>
    private protected override void ProcessContainer(Container container)
    {
        if (ShouldProcess(Describe(container), Reference is null ? "Save as image" : $"Save as image {Reference}"))
        {
            WriteObject(new ByteProgress(this, "Saving image", container.Name).Run(
                progress => Engine.Images.Commit(container.Id, Options(), progress, Cancellation)));
        }
    }

    private CommitOptions Options() => Change.Aggregate(Given(), static (options, instruction) => options.With(instruction));

    private CommitOptions Given() => new()
    {
        Reference = Reference,
        Author = Author,
        Message = Message,
        NoSuspend = NoSuspend,
        Command = Command,
        Entrypoint = Entrypoint,
        Environment = TextPairsAttribute.PairsOf(Environment),
        Labels = TextPairsAttribute.PairsOf(Label),
        User = User,
        WorkingDirectory = WorkingDirectory,
        ExposedPorts = ExposedPort,
        Volumes = Volume,
        StopSignal = StopSignal,
    };
}
