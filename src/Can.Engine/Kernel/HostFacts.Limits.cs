using System.Globalization;

namespace Can.Engine.Kernel;

public sealed partial record HostFacts
{
    private static readonly Lazy<IReadOnlyList<ulong>> OwnHardLimits = new(() => ParseHardLimits(KernelFile.Lines(KernelFile.TryRead("/proc/self/limits"))));

    /// <summary>Hard limits of this process by resource number (RLIMIT_CPU is 0); <see cref="ulong.MaxValue"/> is unlimited.</summary>
    /// <remarks>getrlimit(2): a child starts with them, and raising one takes CAP_SYS_RESOURCE.</remarks>
    public IReadOnlyList<ulong> HardLimits { get; init; } = OwnHardLimits.Value;

    /// <summary>The hard limits in the text of /proc/PID/limits, whose lines follow the order of the resource numbers.</summary>
    internal static IReadOnlyList<ulong> ParseHardLimits(IEnumerable<string> lines)
    {
        var limits = new List<ulong>(16);
        foreach (var line in lines.Skip(1))
        {
            // Columns of fixed width: 26 for the name, 21 for the soft limit, 21 for the hard one.
            var hard = line.AsSpan(47, Math.Min(21, line.Length - 47)).Trim();
            limits.Add(hard.SequenceEqual("unlimited") ? ulong.MaxValue : ulong.Parse(hard, CultureInfo.InvariantCulture));
        }

        return limits;
    }
}
