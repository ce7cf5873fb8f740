using System.Management.Automation;
using Can.Engine.Containers;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <content>Limits.</content>
public abstract partial class NewContainerCmdlet : ILimitParameters
{
    /// <summary>Most memory, in bytes or as text such as 64m; at least 6 MiB.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [Size]
    public long? Memory { get; set; }

    /// <summary>Most memory and swap together, in bytes or as text; -1 for unlimited swap.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [Size]
    public long? MemorySwap { get; set; }

    /// <summary>Processors' worth of time, such as 0.5.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public double? Cpus { get; set; }

    /// <summary>Relative weight of processor time from 2 to 262144; 1024 is the kernel's default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public long? CpuShares { get; set; }

    /// <summary>Processors the container may use, as 0-1,3.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public string? CpuSet { get; set; }

    /// <summary>Most processes and threads; -1 for no limit.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public long? PidsLimit { get; set; }

    /// <summary>Relative block I/O weight from 10 to 1000.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public int? BlkioWeight { get; set; }

    /// <summary>Bytes a second that may be read from a block device, as /dev/sda:10mb.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [DeviceRateOption]
    public DeviceRate[] DeviceReadBps { get; set; } = [];

    /// <summary>Bytes a second that may be written to a block device, as /dev/sda:10mb.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [DeviceRateOption]
    public DeviceRate[] DeviceWriteBps { get; set; } = [];

    /// <summary>Resource limits of setrlimit(2), as nofile=1024:2048.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [UlimitOption]
    [ArgumentCompleter(typeof(UlimitCompleter))]
    public Ulimit[] Ulimit { get; set; } = [];
}
