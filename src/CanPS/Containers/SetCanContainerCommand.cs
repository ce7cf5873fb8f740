using System.Management.Automation;
using Can.Engine.Containers;
using Can.Engine.Networks;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <summary>Changes limits, the restart policy or published ports of containers, at once where they run.</summary>
/// <remarks>
/// <para>Changes the limits that are given and leaves the others as they are. Where the container runs, the kernel is told at once;
/// limits and policy hold for later runs too.</para>
/// </remarks>
/// <example>
/// <code>Set-CanContainer web -Memory 128MB -Cpus 1.5</code>
/// <para>Gives a container other limits.</para>
/// </example>
/// <example>
/// <code>Set-CanContainer web -Publish 8080:80 -Unpublish 443</code>
/// <para>Publishes a port of a running container and takes another back.</para>
/// </example>
/// <example>
/// <code>Get-CanContainer worker* | Set-CanContainer -RestartPolicy on-failure:3</code>
/// <para>Restarts some containers up to three times when they fail.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, Nouns.Container, DefaultParameterSetName = ParameterSets.Name, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SetCanContainerCommand : ContainerActionCmdlet, ILimitParameters
{
    private static readonly string[] LimitNames =
    [
        nameof(Memory), nameof(MemorySwap), nameof(Cpus), nameof(CpuShares), nameof(CpuSet), nameof(PidsLimit), nameof(BlkioWeight),
        nameof(DeviceReadBps), nameof(DeviceWriteBps),
    ];

    /// <summary>Memory in bytes, or as text such as 64m; at least 6 MiB.</summary>
    [Parameter]
    [Size]
    public long? Memory { get; set; }

    /// <summary>Memory and swap together in bytes, -1 for unlimited swap.</summary>
    [Parameter]
    [Size]
    public long? MemorySwap { get; set; }

    /// <summary>Processors' worth of time, such as 0.5.</summary>
    [Parameter]
    public double? Cpus { get; set; }

    /// <summary>Relative weight of processor time from 2 to 262144; 1024 is the kernel's default.</summary>
    [Parameter]
    public long? CpuShares { get; set; }

    /// <summary>Processors the container may use, as 0-1,3.</summary>
    [Parameter]
    public string? CpuSet { get; set; }

    /// <summary>Most processes and threads, -1 for no limit.</summary>
    [Parameter]
    public long? PidsLimit { get; set; }

    /// <summary>Relative block I/O weight from 10 to 1000.</summary>
    [Parameter]
    public int? BlkioWeight { get; set; }

    /// <summary>Bytes a second that may be read from a block device, as /dev/sda:10mb.</summary>
    [Parameter]
    [DeviceRateOption]
    public DeviceRate[] DeviceReadBps { get; set; } = [];

    /// <summary>Bytes a second that may be written to a block device, as /dev/sda:10mb.</summary>
    [Parameter]
    [DeviceRateOption]
    public DeviceRate[] DeviceWriteBps { get; set; } = [];

    /// <summary>When the container is started again: no, on-failure[:RETRIES], always or unless-stopped.</summary>
    [Parameter]
    [RestartPolicyOption]
    [ArgumentCompleter(typeof(RestartPolicyCompleter))]
    public RestartPolicy? RestartPolicy { get; set; }

    /// <summary>Ports to publish in addition, as 8080:80 or 0.0.0.0:53:53/udp; a running container has them at once.</summary>
    [Parameter]
    [PublishOption]
    public PortMapping[] Publish { get; set; } = [];

    /// <summary>Published ports to take back, as 8080:80, or as 80 for the container's port whatever port of the host leads to it.</summary>
    [Parameter]
    [PublishOption]
    public PortMapping[] Unpublish { get; set; } = [];

    /// <inheritdoc/>
    private protected override Container Change(Container container)
    {
        var changed = Publish.Length + Unpublish.Length > 0
            ? Engine.Containers.ChangePorts(container.Id, Publish, Unpublish, Cancellation)
            : container;
        return Limits() is not null || RestartPolicy is not null || ReferenceEquals(changed, container)
            ? Engine.Containers.Update(container.Id, Limits(), RestartPolicy)
            : changed;
    }

    private ResourceLimits? Limits() => LimitNames.Any(MyInvocation.BoundParameters.ContainsKey) ? this.ToLimits() : null;
}
