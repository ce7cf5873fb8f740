using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Netfilter;

/// <summary>
/// The table <c>filter</c> of the older packet filter (ip_tables, ip6_tables), which nf_tables does not show. It is looked at only where
/// it is in use already: asking the kernel for it would make it.
/// </summary>
/// <remarks>linux/netfilter_ipv4/ip_tables.h, linux/netfilter_ipv6/ip6_tables.h, linux/netfilter/x_tables.h</remarks>
internal sealed class LegacyTable
{
    private const int SO_GET_INFO = 64; // IPT_SO_GET_INFO and IP6T_SO_GET_INFO
    private const int SO_GET_ENTRIES = 65;
    private const int NF_INET_FORWARD = 2;
    private const int NameLength = 32; // XT_TABLE_MAXNAMELEN
    private const int InfoLength = 84; // struct ipt_getinfo
    private const int HooksOffset = NameLength + 4;
    private const int UnderflowsOffset = HooksOffset + 20;
    private const int SizeOffset = UnderflowsOffset + 24;
    private const int EntriesOffset = 40; // struct ipt_get_entries
    private const int VerdictOffset = 32; // struct xt_standard_target
    private const int DropVerdict = -1; // -NF_DROP - 1
    private const string Name = "filter";

    private readonly byte[] entries;
    private readonly int begin;
    private readonly int policy;
    private readonly bool isIPv6;

    private LegacyTable(byte[] entries, int begin, int policy, bool isIPv6) => (this.entries, this.begin, this.policy, this.isIPv6) = (entries, begin, policy, isIPv6);

    /// <summary>Whether forwarded packets are dropped unless a rule says otherwise: by policy, or by a last rule that drops or rejects everything.</summary>
    public bool DropsForwarded
    {
        get
        {
            if (IsDrop(policy))
            {
                return true;
            }

            var last = -1;
            for (var at = begin; at < policy; at += NextOf(at))
            {
                last = at;
            }

            return last >= 0 && AsksNothing(last) && IsDrop(last);
        }
    }

    /// <summary>Reads it in the network namespace of the calling thread; null where it is not in use, or cannot be read.</summary>
    public static LegacyTable? TryRead(bool isIPv6)
    {
        // The list belongs to the thread's namespace, /proc/net to that of the process.
        var names = KernelFile.TryRead($"/proc/thread-self/net/{(isIPv6 ? "ip6_tables_names" : "ip_tables_names")}");
        if (names is null || !names.Split('\n').Contains(Name))
        {
            return null;
        }

        using var socket = new SafeFileHandle(
            Libc.socket(isIPv6 ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, 255), true); // IPPROTO_RAW
        var info = new byte[InfoLength];
        Encoding.ASCII.GetBytes(Name, info);
        if (socket.IsInvalid || !TryGet(socket, isIPv6, SO_GET_INFO, info))
        {
            return null;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(info.AsSpan(SizeOffset));
        var answer = new byte[EntriesOffset + size];
        Encoding.ASCII.GetBytes(Name, answer);
        BinaryPrimitives.WriteInt32LittleEndian(answer.AsSpan(NameLength), size);
        return TryGet(socket, isIPv6, SO_GET_ENTRIES, answer)
            ? new(answer[EntriesOffset..], Number(info, HooksOffset), Number(info, UnderflowsOffset), isIPv6)
            : null;
    }

    /// <summary>Whether a text, such as the name of an interface or of a chain, is anywhere in the table.</summary>
    public bool Mentions(string name) => entries.AsSpan().IndexOf(Encoding.ASCII.GetBytes(name + '\0')) >= 0;

    private static unsafe bool TryGet(SafeFileHandle socket, bool isIPv6, int option, byte[] value)
    {
        var length = (uint)value.Length;
        fixed (byte* start = value)
        {
            return Libc.getsockopt(socket, isIPv6 ? Libc.IPPROTO_IPV6 : 0, option, start, &length) == 0;
        }
    }

    /// <summary>Of one number for each hook that of FORWARD.</summary>
    private static int Number(byte[] info, int offset) => BinaryPrimitives.ReadInt32LittleEndian(info.AsSpan(offset + (NF_INET_FORWARD * sizeof(int))));

    // struct ipt_entry and struct ip6t_entry: what is asked of a packet, a number of flags, then where the target and the next entry are.
    private int AskedLength => isIPv6 ? 136 : 84;

    private int HeaderLength => isIPv6 ? 168 : 112;

    private int TargetOf(int entry) => entry + BinaryPrimitives.ReadUInt16LittleEndian(entries.AsSpan(entry + AskedLength + 4));

    private int NextOf(int entry) => Math.Max(HeaderLength, (int)BinaryPrimitives.ReadUInt16LittleEndian(entries.AsSpan(entry + AskedLength + 6)));

    private bool AsksNothing(int entry) =>
        TargetOf(entry) == entry + HeaderLength && !entries.AsSpan(entry, AskedLength).ContainsAnyExcept((byte)0);

    /// <summary>A target without a name is a verdict.</summary>
    private bool IsDrop(int entry)
    {
        var target = TargetOf(entry);
        var name = Encoding.ASCII.GetString(entries, target + 2, 29).TrimEnd('\0');
        return name == "REJECT" || (name.Length == 0 && BinaryPrimitives.ReadInt32LittleEndian(entries.AsSpan(target + VerdictOffset)) == DropVerdict);
    }
}
