using System.Runtime.InteropServices;

namespace Can.Engine.Kernel.Seccomp;

/// <summary>libseccomp under its own names; it is loaded by the first call and never before.</summary>
/// <remarks>seccomp.h; functions return 0 or a negative errno.</remarks>
internal static unsafe partial class LibSeccomp
{
    private const string Library = "libseccomp.so.2";

    public const uint SCMP_ACT_ALLOW = 0x7FFF0000;
    public const int SCMP_FLTATR_CTL_OPTIMIZE = 8;
    public const int __NR_SCMP_ERROR = -1;

    /// <summary>SCMP_ACT_ERRNO</summary>
    public static uint SCMP_ACT_ERRNO(int errno) => 0x00050000u | (uint)errno;

    /// <summary>struct scmp_arg_cmp</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ArgumentComparison
    {
        public uint Argument;
        public int Operation;
        public ulong First;
        public ulong Second;
    }

    [LibraryImport(Library)]
    public static partial nint seccomp_init(uint defaultAction);

    [LibraryImport(Library)]
    public static partial void seccomp_release(nint context);

    [LibraryImport(Library)]
    public static partial int seccomp_arch_add(nint context, uint architecture);

    [LibraryImport(Library)]
    public static partial int seccomp_attr_set(nint context, int attribute, uint value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int seccomp_syscall_resolve_name(string name);

    [LibraryImport(Library)]
    public static partial int seccomp_rule_add_array(nint context, uint action, int call, uint count, ArgumentComparison* comparisons);

    [LibraryImport(Library)]
    public static partial int seccomp_export_bpf(nint context, int descriptor);
}
