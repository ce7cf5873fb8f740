using System.Runtime.InteropServices;

namespace Can.Engine.Kernel.Seccomp;

/// <summary>Compiles the default profile to classic BPF.</summary>
internal static class FilterCompiler
{
    /// <summary>Changes whenever the same profile would become another filter.</summary>
    public const int Version = 2;

    /// <summary>A balanced tree over the calls' numbers instead of one comparison after the other; libseccomp 2.5 and later.</summary>
    private const uint BinaryTree = 2;

    private const int EEXIST = 17;

    /// <summary>The filter for a container with these capabilities on this machine.</summary>
    /// <exception cref="CanException"><c>LibraryMissing</c>; <c>SeccompCompileFailed</c></exception>
    public static byte[] Compile(ulong capabilities, SeccompArchitecture architecture)
    {
        try
        {
            return RecentCalls.Prepend(FilterShrinker.Shrink(CompileOlder(capabilities, architecture)), capabilities);
        }
        catch (DllNotFoundException missing)
        {
            throw new CanException("LibraryMissing", CanErrorCategory.NotInstalled,
                "The default seccomp filter needs the library libseccomp.so.2, which is not installed. Install the package libseccomp2 "
                + "(libseccomp on Fedora, Arch and Alpine), or start the container with the security option seccomp=unconfined.",
                "libseccomp.so.2", missing);
        }
    }

    /// <summary>What libseccomp makes of the rules, without <see cref="RecentCalls"/>.</summary>
    internal static byte[] CompileOlder(ulong capabilities, SeccompArchitecture architecture)
    {
        var context = LibSeccomp.seccomp_init(LibSeccomp.SCMP_ACT_ERRNO(DefaultProfile.RefusedErrno));
        if (context == 0)
        {
            throw Failed("making a filter", Errno.ENOMEM);
        }

        try
        {
            _ = LibSeccomp.seccomp_attr_set(context, LibSeccomp.SCMP_FLTATR_CTL_OPTIMIZE, BinaryTree);
            foreach (var other in architecture.Others)
            {
                Check(LibSeccomp.seccomp_arch_add(context, other), "adding an architecture", accepted: EEXIST);
            }

            foreach (var rule in DefaultProfile.Rules(capabilities, architecture))
            {
                Add(context, rule);
            }

            return Export(context);
        }
        finally
        {
            LibSeccomp.seccomp_release(context);
        }
    }

    private static unsafe void Add(nint context, SeccompRule rule)
    {
        var number = LibSeccomp.seccomp_syscall_resolve_name(rule.Call);
        if (number == LibSeccomp.__NR_SCMP_ERROR)
        {
            return; // another architecture's, or newer than the library
        }

        var action = rule.Errno == 0 ? LibSeccomp.SCMP_ACT_ALLOW : LibSeccomp.SCMP_ACT_ERRNO(rule.Errno);
        var condition = rule.Condition.GetValueOrDefault();
        var comparison = new LibSeccomp.ArgumentComparison
        {
            Argument = condition.Argument,
            Operation = (int)condition.Comparison,
            First = condition.Value,
            Second = condition.Masked,
        };
        var result = LibSeccomp.seccomp_rule_add_array(context, action, number, rule.Condition is null ? 0u : 1u, &comparison);
        Check(result, $"adding a rule for {rule.Call}", accepted: EEXIST);
    }

    private static byte[] Export(nint context)
    {
        using var file = Libc.Own(Libc.memfd_create("can-seccomp", Libc.MFD_CLOEXEC), "Making a memory file for the seccomp filter");
        Check(LibSeccomp.seccomp_export_bpf(context, (int)file.DangerousGetHandle()), "exporting the filter");
        var filter = new byte[RandomAccess.GetLength(file)];
        var length = RandomAccess.Read(file, filter, 0);
        return length == filter.Length && length % BpfInstruction.Size == 0 ? filter : throw Failed("exporting the filter", Errno.EIO);
    }

    private static void Check(int result, string doing, int accepted = 0)
    {
        if (result < 0 && result != -accepted)
        {
            throw Failed(doing, -result);
        }
    }

    private static CanException Failed(string doing, int errno) => new(
        "SeccompCompileFailed", CanErrorCategory.OperatingSystem,
        $"libseccomp failed at {doing}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}). Update libseccomp, or start the container with "
        + "the security option seccomp=unconfined.");
}
