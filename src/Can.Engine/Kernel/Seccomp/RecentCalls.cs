using System.Runtime.InteropServices;

namespace Can.Engine.Kernel.Seccomp;

/// <summary>
/// System calls newer than Linux 6.4. From number 424 on a call has the same number on every architecture, so these need no
/// library that knows them: a short piece of filter in front of libseccomp's decides about them. It also answers ENOSYS to calls
/// that are newer still, so that the C library falls back on older ones; EPERM, which everything else unknown gets, it would take
/// for a refusal.
/// </summary>
internal static class RecentCalls
{
    /// <summary>The first number that is decided here; libseccomp 2.5.4 knows all below.</summary>
    public const uint First = 451;

    /// <summary>The first number beyond that of an architecture's private calls (Arm's 0xf0001 and up).</summary>
    private const uint Beyond = 0xF0000;

    /// <summary>All but the bit that marks calls of the x32 ABI.</summary>
    private const uint WithoutX32 = ~0x40000000u;

    private const uint NumberOffset = 0; // of struct seccomp_data
    private const int ENOSYS = 38;

    // In the order of their numbers, from First on.
    private static readonly (string Name, string? Capability)[] Calls =
    [
        ("cachestat", null),
        ("fchmodat2", null),
        ("map_shadow_stack", null),
        ("futex_wake", null),
        ("futex_wait", null),
        ("futex_requeue", null),
        ("statmount", null),
        ("listmount", null),
        ("lsm_get_self_attr", "SYS_ADMIN"),
        ("lsm_set_self_attr", "SYS_ADMIN"),
        ("lsm_list_modules", "SYS_ADMIN"),
        ("mseal", null),
        ("setxattrat", null),
        ("getxattrat", null),
        ("listxattrat", null),
        ("removexattrat", null),
    ];

    /// <summary>Capabilities that open some of them.</summary>
    public static ulong RelevantCapabilities => Capabilities.Parse("SYS_ADMIN");

    /// <summary>Names of the calls that a container with these capabilities may make.</summary>
    public static IEnumerable<string> Allowed(ulong capabilities)
    {
        foreach (var (name, capability) in Calls)
        {
            if (IsAllowed(capability, capabilities))
            {
                yield return name;
            }
        }
    }

    /// <summary>Puts the decision about these calls in front of a filter that decides about all others.</summary>
    public static byte[] Prepend(ReadOnlySpan<byte> filter, ulong capabilities)
    {
        var decision = Decision(capabilities);
        BpfInstruction[] head =
        [
            BpfInstruction.Load(NumberOffset),
            BpfInstruction.Mask(WithoutX32),
            BpfInstruction.IfAtLeast(First),
            BpfInstruction.Skip(1),
            BpfInstruction.Skip(decision.Count + 2),
            BpfInstruction.IfAtLeast(Beyond),
            BpfInstruction.Skip(decision.Count),
        ];
        return [.. MemoryMarshal.AsBytes(head.AsSpan()), .. MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(decision)), .. filter];
    }

    /// <summary>Goes down from the newest run of calls with one answer to the oldest.</summary>
    private static List<BpfInstruction> Decision(ulong capabilities)
    {
        var decision = new List<BpfInstruction>
        {
            BpfInstruction.IfAtLeast(First + (uint)Calls.Length),
            BpfInstruction.Refuse(ENOSYS),
        };
        for (var index = Calls.Length - 1; index >= 0; index--)
        {
            var allowed = IsAllowed(Calls[index].Capability, capabilities);
            if (index == 0 || IsAllowed(Calls[index - 1].Capability, capabilities) != allowed)
            {
                decision.Add(BpfInstruction.IfAtLeast(First + (uint)index));
                decision.Add(allowed ? BpfInstruction.Allow : BpfInstruction.Refuse(DefaultProfile.RefusedErrno));
            }
        }

        return decision;
    }

    private static bool IsAllowed(string? capability, ulong capabilities) =>
        capability is null || (capabilities & Capabilities.Parse(capability)) != 0;
}
