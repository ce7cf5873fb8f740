namespace Can.Engine.Tests.Kernel.Cgroups;

/// <summary>A test for root that needs a whole disk, whose rate the kernel can limit; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DiskTheoryAttribute : RootTheoryAttribute
{
    public DiskTheoryAttribute() => Skip ??= Disk is null ? "needs a disk, /dev/vd? or /dev/sd?" : null;

    /// <summary>One of this machine's disks.</summary>
    public static string? Disk { get; } = Directory.GetFiles("/dev", "vd?").Concat(Directory.GetFiles("/dev", "sd?")).FirstOrDefault();
}
