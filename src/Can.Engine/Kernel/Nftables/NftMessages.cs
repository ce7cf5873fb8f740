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
    public const ushort GetRule = Subsystem | 7;
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
    public const ushort ChainTable = 1; // NFTA_CHAIN_TABLE
    public const ushort ChainName = 3; // NFTA_CHAIN_NAME
    public const ushort ChainHook = 4; // NFTA_CHAIN_HOOK
    public const ushort ChainPolicy = 5; // NFTA_CHAIN_POLICY
    public const ushort HookNumber = 1; // NFTA_HOOK_HOOKNUM
    public const ushort RuleTable = 1; // NFTA_RULE_TABLE
    public const ushort RuleChain = 2; // NFTA_RULE_CHAIN
    public const ushort RuleExpressions = 4; // NFTA_RULE_EXPRESSIONS
    public const ushort ExpressionName = 1; // NFTA_EXPR_NAME
    public const ushort ExpressionData = 2; // NFTA_EXPR_DATA
    public const ushort ImmediateData = 2; // NFTA_IMMEDIATE_DATA
    public const ushort DataVerdict = 2; // NFTA_DATA_VERDICT
    public const ushort VerdictCode = 1; // NFTA_VERDICT_CODE
    public const ushort TargetName = 1; // NFTA_TARGET_NAME

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
    /// <param name="type">What it asks for.</param>
    /// <param name="flags">NLM_F_*</param>
    /// <param name="content">The attributes.</param>
    /// <param name="family">NFPROTO_*; 0 for all of them where a list is asked for.</param>
    public static NetlinkMessages Request(ushort type, ushort flags, Func<NetlinkWriter, NetlinkWriter> content, byte family = NFPROTO_INET) =>
        content(new NetlinkWriter().Begin(type, (ushort)(NLM_F_REQUEST | flags), [family, 0, 0, 0])).End().Messages(NetlinkProtocol.Netfilter);
}
