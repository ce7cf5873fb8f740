using System.Collections;
using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <content>Mounts and rights.</content>
public abstract partial class NewContainerCmdlet
{
    /// <summary>Host directories or named volumes in the container, as /source:/target[:ro] or name:/target, or hashtables.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [VolumeOption]
    public MountSpecification[] Volume { get; set; } = [];

    /// <summary>Mounts in the long form, as type=bind,source=/source,target=/target,readonly, or hashtables.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [MountOption]
    public MountSpecification[] Mount { get; set; } = [];

    /// <summary>Empty file systems in memory, as /target[:size=64m,mode=1777].</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [TmpFsOption]
    public MountSpecification[] TmpFs { get; set; } = [];

    /// <summary>Size of /dev/shm as a number of bytes, or a text such as 256m; 64 MiB by default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [Size]
    [ValidateRange(1, long.MaxValue)]
    public long? ShmSize { get; set; }

    /// <summary>Kernel settings of the container's own namespaces, such as net.core.somaxconn: a hashtable, or NAME=VALUE texts.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [TextPairs]
    public IDictionary? Sysctl { get; set; }

    /// <summary>The root file system cannot be written to.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Capabilities in addition to the default ones, or ALL.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[] CapAdd { get; set; } = [];

    /// <summary>Capabilities to take away from the default ones, or ALL.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    public string[] CapDrop { get; set; } = [];

    /// <summary>All capabilities the host has, all devices, no system call filter, nothing masked.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public SwitchParameter Privileged { get; set; }

    /// <summary>Security options: no-new-privileges[=true|false], seccomp=default|unconfined, systempaths=unconfined.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ArgumentCompleter(typeof(SecurityOptionCompleter))]
    public string[] SecurityOption { get; set; } = [];

    /// <summary>Devices of the host in the container, as /dev/fuse[:/dev/fuse[:rwm]].</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [DeviceOption]
    public DeviceMapping[] Device { get; set; } = [];
}
