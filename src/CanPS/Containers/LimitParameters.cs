using Can.Engine.Containers;

namespace CanPS.Containers;

/// <summary>The parameters that limit a container, which New-, Invoke- and Set-CanContainer have in common.</summary>
internal interface ILimitParameters
{
    /// <summary>Bytes.</summary>
    long? Memory { get; }

    /// <summary>Bytes, memory included; -1 for unlimited swap.</summary>
    long? MemorySwap { get; }

    /// <summary>Processors' worth of time.</summary>
    double? Cpus { get; }

    /// <summary>Docker's shares; 1024 is usual.</summary>
    long? CpuShares { get; }

    /// <summary>Processors, as the kernel lists them.</summary>
    string? CpuSet { get; }

    /// <summary>Processes and threads; -1 for no limit.</summary>
    long? PidsLimit { get; }

    /// <summary>From 10 to 1000.</summary>
    int? BlkioWeight { get; }

    /// <summary>Bytes a second.</summary>
    DeviceRate[] DeviceReadBps { get; }

    /// <summary>Bytes a second.</summary>
    DeviceRate[] DeviceWriteBps { get; }
}

/// <summary>Makes limits of parameters.</summary>
internal static class LimitParameters
{
    /// <summary>The limits; those that were not given are null or empty.</summary>
    public static ResourceLimits ToLimits(this ILimitParameters given) => new()
    {
        MemoryBytes = given.Memory,
        MemorySwapBytes = given.MemorySwap,
        Cpus = given.Cpus,
        CpuShares = given.CpuShares,
        CpuSet = given.CpuSet,
        PidsLimit = given.PidsLimit,
        BlkioWeight = given.BlkioWeight,
        DeviceReadBps = given.DeviceReadBps,
        DeviceWriteBps = given.DeviceWriteBps,
    };
}
