using System.Text.Json.Serialization;

namespace Can.Engine.Containers;

/// <summary>Limits of the cgroup controllers, in Docker's units; null means not limited.</summary>
public sealed record ResourceLimits
{
    /// <summary>Memory in bytes; at least 6 MiB.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Memory and swap together in bytes, -1 for unlimited swap; at least <see cref="MemoryBytes"/>.</summary>
    public long? MemorySwapBytes { get; init; }

    /// <summary>Processors' worth of time, such as 0.5; from 0.01 to the number of processors.</summary>
    public double? Cpus { get; init; }

    /// <summary>Relative weight from 2 to 262144; 1024 is the kernel's default.</summary>
    public long? CpuShares { get; init; }

    /// <summary>Processors the container may use, as <c>0-1,3</c>.</summary>
    public string? CpuSet { get; init; }

    /// <summary>Most processes and threads; at least 1, or -1 for no limit.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Relative block I/O weight from 10 to 1000.</summary>
    public int? BlkioWeight { get; init; }

    /// <summary>Bytes a second that may be read from block devices.</summary>
    [JsonRequired]
    public IReadOnlyList<DeviceRate> DeviceReadBps { get; init; } = [];

    /// <summary>Bytes a second that may be written to block devices.</summary>
    [JsonRequired]
    public IReadOnlyList<DeviceRate> DeviceWriteBps { get; init; } = [];

    /// <summary>These limits with those of <paramref name="changes"/> that are set.</summary>
    public ResourceLimits With(ResourceLimits changes) => new()
    {
        MemoryBytes = changes.MemoryBytes ?? MemoryBytes,
        MemorySwapBytes = changes.MemorySwapBytes ?? MemorySwapBytes,
        Cpus = changes.Cpus ?? Cpus,
        CpuShares = changes.CpuShares ?? CpuShares,
        CpuSet = changes.CpuSet ?? CpuSet,
        PidsLimit = changes.PidsLimit ?? PidsLimit,
        BlkioWeight = changes.BlkioWeight ?? BlkioWeight,
        DeviceReadBps = changes.DeviceReadBps.Count > 0 ? changes.DeviceReadBps : DeviceReadBps,
        DeviceWriteBps = changes.DeviceWriteBps.Count > 0 ? changes.DeviceWriteBps : DeviceWriteBps,
    };
}
