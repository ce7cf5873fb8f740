using System.Runtime.InteropServices;

namespace Can.Engine.Kernel.Seccomp;

/// <summary>A processor architecture with those whose programs it runs as well.</summary>
/// <param name="Name">Its name in the cache.</param>
/// <param name="Others">Architecture tokens of seccomp.h to add to the native one.</param>
/// <param name="OwnCalls">System calls that only it has.</param>
internal sealed record SeccompArchitecture(string Name, IReadOnlyList<uint> Others, IReadOnlyList<string> OwnCalls)
{
    private const uint X86 = 0x40000003; // EM_386 with __AUDIT_ARCH_LE
    private const uint X32 = 0x4000003E; // EM_X86_64 with __AUDIT_ARCH_LE, without __AUDIT_ARCH_64BIT
    private const uint Arm = 0x40000028; // EM_ARM with __AUDIT_ARCH_LE

    public static readonly SeccompArchitecture X64 = new("x64", [X86, X32], ["arch_prctl", "modify_ldt"]);

    public static readonly SeccompArchitecture Arm64 = new(
        "arm64", [Arm], ["arm_fadvise64_64", "arm_sync_file_range", "sync_file_range2", "breakpoint", "cacheflush", "set_tls"]);

    /// <summary>This machine's; one that has no entry of its own is alone.</summary>
    public static SeccompArchitecture Current => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => X64,
        Architecture.Arm64 => Arm64,
        var other => new(other.ToString(), [], []),
    };
}
