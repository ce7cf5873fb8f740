using Can.Engine.Kernel.Netlink;

namespace Can.Engine.Kernel.Nftables;

/// <summary>Numbers of nf_tables' netlink interface, and the messages about tables.</summary>
/// <remarks>linux/netfilter/nf_tables.h, linux/netfilter/nfnetlink.h.</remarks>
internal static class NftMessages
{
    public const ushort NLM_F_REQUEST = 1;
    public const ushort NLM_F_ACK = 4;
    public const ushort NLM_F_DUMP = 0x300;
    public const ushort NLM_F_CREATE = 0x400;

    public const ushort GetTable = Subsystem | 1;
    public const ushort DeleteTable = Subsystem | 2;
    public const ushort GetChain = Subsystem | 4;
    public const ushort NewElements = Subsystem | 12;
    public const ushort GetElements = Subsystem | 13;
    public const ushort DeleteElements = Subsystem | 14;

    public const ushort TableName = 1; // NFTA_TABLE_NAME
    public const ushort TableUserData = 6; // NFTA_TABLE_USERDATA
    public const ushort ListTable = 1; // NFTA_SET_ELEM_LIST_TABLE
    public const ushort ListSet = 2; // NFTA_SET_ELEM_LIST_SET
    public const ushort ListElements = 3; // NFTA_SET_ELEM_LIST_ELEMENTS
    public const ushort ListElement = 1; // NFTA_LIST_ELEM
    public const ushort ElementKey = 1; // NFTA_SET_ELEM_KEY
    public const ushort ElementData = 2; // NFTA_SET_ELEM_DATA
    public const ushort ElementFlags = 3; // NFTA_SET_ELEM_FLAGS
    public const ushort DataValue = 1; // NFTA_DATA_VALUE
    public const uint IntervalEnd = 1; // NFT_SET_ELEM_INTERVAL_END

    private const ushort Subsystem = 10 << 8; // NFNL_SUBSYS_NFTABLES
    private const ushort NFNL_MSG_BATCH_BEGIN = 16;
    private const ushort NFNL_MSG_BATCH_END = 17;
    private const byte NFPROTO_INET = 1;

    /// <summary>struct nfgenmsg of a message about an inet table.</summary>
    public static ReadOnlySpan<byte> Header => [NFPROTO_INET, 0, 0, 0];

    /// <summary>Messages that take effect together or not at all.</summary>
    public static NetlinkMessages Batch(Action<NetlinkWriter> content)
    {
        ReadOnlySpan<byte> subsystem = [0, 0, 0, 10]; // struct nfgenmsg whose resource id is the subsystem, in network byte order
        var writer = new NetlinkWriter().Begin(NFNL_MSG_BATCH_BEGIN, NLM_F_REQUEST, subsystem).End();
        content(writer);
        return writer.Begin(NFNL_MSG_BATCH_END, NLM_F_REQUEST, subsystem).End().Messages(NetlinkProtocol.Netfilter);
    }

    /// <summary>A message that asks for something.</summary>
    public static NetlinkMessages Request(ushort type, ushort flags, Func<NetlinkWriter, NetlinkWriter> content) =>
        content(new NetlinkWriter().Begin(type, (ushort)(NLM_F_REQUEST | flags), Header)).End().Messages(NetlinkProtocol.Netfilter);
}
