using System.Collections;
using System.Management.Automation;
using Can.Engine.Containers;
using Can.Engine.Images;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <summary>A cmdlet that describes a new container; this part holds its image and its process.</summary>
public abstract partial class NewContainerCmdlet : CanCmdlet
{
    /// <summary>Reference of the image, its Id, or the beginning of its Id.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ParameterSets.Image)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageReferenceCompleter))]
    public string Image { get; set; } = "";

    /// <summary>Program and arguments instead of the image's own; write -- in front of it when one of its words begins with -, or give an array.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image, ValueFromRemainingArguments = true)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject, ValueFromRemainingArguments = true)]
    public object?[]? Command { get; set; }

    /// <summary>Program and leading arguments instead of the image's entrypoint; an empty array removes it.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [AllowEmptyCollection]
    public string[]? Entrypoint { get; set; }

    /// <summary>Environment variables in addition to the image's: a hashtable, or NAME=VALUE texts; NAME alone takes the value it has here.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [TextPairs(FromEnvironment = true)]
    public IDictionary? Environment { get; set; }

    /// <summary>Files with NAME=VALUE lines.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public string[] EnvironmentFile { get; set; } = [];

    /// <summary>Working directory in the container.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public string? WorkingDirectory { get; set; }

    /// <summary>User, and group after a colon, by name or number, as which the command runs.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public string? User { get; set; }

    /// <summary>Host name inside; the first 12 digits of the Id by default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public string? Hostname { get; set; }

    /// <summary>Runs a small first process that forwards signals and reaps orphans in front of the command.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public SwitchParameter Init { get; set; }

    /// <summary>Standard input stays open.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public SwitchParameter Interactive { get; set; }

    /// <summary>The container has a terminal.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public SwitchParameter Tty { get; set; }

    /// <summary>Signal that asks the container to end; the image's, else SIGTERM, by default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? StopSignal { get; set; }

    /// <summary>Seconds (or a TimeSpan) that a stop waits before SIGKILL; 10 by default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [Duration]
    public TimeSpan? StopTimeout { get; set; }

    /// <summary>When the container is started again after its command has ended: no (default), on-failure[:RETRIES], always or unless-stopped.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [RestartPolicyOption]
    [ArgumentCompleter(typeof(RestartPolicyCompleter))]
    public RestartPolicy? RestartPolicy { get; set; }

    /// <summary>Labels: a hashtable, or NAME=VALUE texts.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [TextPairs]
    public IDictionary? Label { get; set; }

    /// <summary>What the parameters ask for.</summary>
    /// <param name="image">The image, where it was given as an object.</param>
    /// <param name="name">The container's name; null for one that is made up.</param>
    private protected virtual ContainerOptions Options(Image? image, string? name) => WithNetwork(new()
    {
        Image = image?.Id ?? Image,
        Name = name,
        Command = CommandLine.From(Command),
        Entrypoint = Entrypoint,
        Environment = TextPairsAttribute.PairsOf(Environment),
        EnvironmentFiles = [.. EnvironmentFile.Select(ResolvePath)],
        WorkingDirectory = WorkingDirectory,
        User = User,
        Hostname = Hostname,
        Mounts = [.. Volume, .. Mount, .. TmpFs],
        SharedMemoryBytes = ShmSize,
        Sysctls = TextPairsAttribute.PairsOf(Sysctl),
        ReadOnly = ReadOnly,
        Limits = this.ToLimits(),
        Ulimits = Ulimit,
        CapAdd = CapAdd,
        CapDrop = CapDrop,
        Privileged = Privileged,
        SecurityOptions = SecurityOption,
        Devices = Device,
        Labels = TextPairsAttribute.PairsOf(Label),
        RestartPolicy = RestartPolicy ?? RestartPolicy.No,
        StopSignal = StopSignal,
        StopTimeout = StopTimeout,
        HealthCheck = Health(),
        Init = Init,
        Interactive = Interactive,
        Tty = Tty,
    });
}
