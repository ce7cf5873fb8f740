using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>The options that limit a container.</summary>
internal sealed class LimitOptions
{
    private readonly Option<long?> memory = Opt.One<long?>("--memory|-m", "SIZE", "Most memory, such as 64m; at least 6m", static text => ByteSize.Parse(text));
    private readonly Option<long?> memorySwap = Opt.One<long?>("--memory-swap", "SIZE", "Most memory and swap together; -1 for unlimited swap", static text => ByteSize.Parse(text));
    private readonly Option<double?> cpus = Opt.Fraction("--cpus", "NUMBER", "Processors' worth of time, such as 0.5");
    private readonly Option<long?> quota = Opt.Number("--cpu-quota", "MICROSECONDS", "Processor time in each period; --cpus says the same in one number");
    private readonly Option<long?> period = Opt.Number("--cpu-period", "MICROSECONDS", "The period of --cpu-quota; 100000 by default");
    private readonly Option<long?> cpuShares = Opt.Number("--cpu-shares|-c", "NUMBER", "Relative weight of processor time from 2 to 262144; 1024 is usual");
    private readonly Option<string?> cpuSet = Opt.Text("--cpuset-cpus", "LIST", "Processors it may use, such as 0-1,3");
    private readonly Option<long?> pids = Opt.Number("--pids-limit", "NUMBER", "Most processes and threads; -1 for no limit");
    private readonly Option<long?> blkioWeight = Opt.Number("--blkio-weight", "NUMBER", "Relative block I/O weight from 10 to 1000");
    private readonly Option<IReadOnlyList<DeviceRate>> readRates = Opt.Many("--device-read-bps", "DEVICE:RATE", "Bytes a second read from a device, such as /dev/sda:10mb", DeviceRate.Parse);
    private readonly Option<IReadOnlyList<DeviceRate>> writeRates = Opt.Many("--device-write-bps", "DEVICE:RATE", "Bytes a second written to a device", DeviceRate.Parse);

    /// <summary>All of them.</summary>
    public Option[] All => [memory, memorySwap, cpus, quota, period, cpuShares, cpuSet, pids, blkioWeight, readRates, writeRates];

    /// <summary>The limits that a command line asks for; those that were not given are null or empty.</summary>
    public ResourceLimits Read(ParseResult line) => new()
    {
        MemoryBytes = line.GetValue(memory),
        MemorySwapBytes = line.GetValue(memorySwap),
        Cpus = line.GetValue(quota) is null && line.GetValue(period) is null ? line.GetValue(cpus) : OfQuota(line),
        CpuShares = line.GetValue(cpuShares),
        CpuSet = line.GetValue(cpuSet),
        PidsLimit = line.GetValue(pids),
        BlkioWeight = (int?)line.GetValue(blkioWeight),
        DeviceReadBps = line.GetValue(readRates)!,
        DeviceWriteBps = line.GetValue(writeRates)!,
    };

    private double OfQuota(ParseResult line) => (line.GetValue(cpus), line.GetValue(quota), line.GetValue(period) ?? 100_000) switch
    {
        (not null, _, _) => throw new UsageException("--cpus and --cpu-quota exclude each other"),
        (_, null, _) => throw new UsageException("--cpu-period needs --cpu-quota"),
        (_, { } time, > 0 and var all) => (double)time / all,
        _ => throw new UsageException("--cpu-period: a period is longer than 0"),
    };
}
