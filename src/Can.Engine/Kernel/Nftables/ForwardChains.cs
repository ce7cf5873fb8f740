using System.Buffers.Binary;
using Can.Engine.Kernel.Netlink;

namespace Can.Engine.Kernel.Nftables;

/// <summary>A chain that is asked about forwarded packets.</summary>
/// <param name="Family">As nft(8) calls it: ip, ip6, inet.</param>
/// <param name="Table">Name of its table.</param>
/// <param name="Name">Its own name.</param>
internal sealed record ForwardChain(string Family, string Table, string Name);

/// <summary>The chains of all nftables tables that drop what is forwarded unless a rule of theirs says otherwise.</summary>
/// <remarks>linux/netfilter/nf_tables.h</remarks>
internal static class ForwardChains
{
    private const uint NF_INET_FORWARD = 2;
    private const uint NF_DROP = 0;

    /// <summary>Those in the network namespace of the calling thread: by policy, or by a last rule that drops or rejects everything.</summary>
    /// <exception cref="CanException"><c>NetlinkFailed</c></exception>
    public static IReadOnlyList<ForwardChain> FindDropping()
    {
        using var socket = new NetlinkSocket(NetlinkProtocol.Netfilter);
        var found = new List<ForwardChain>();
        var request = NftMessages.Request(NftMessages.GetChain, NftMessages.NLM_F_DUMP, static writer => writer, family: 0);
        foreach (var (_, content) in socket.Dump(request, "Listing the chains of nftables"))
        {
            var attributes = content.AsSpan(NftMessages.Header.Length);
            var hook = NetlinkAttributes.Find(attributes, NftMessages.ChainHook);
            if (FamilyOf(content[0]) is not { } family || hook.Length == 0 || NetworkNumber(hook, NftMessages.HookNumber) != NF_INET_FORWARD)
            {
                continue;
            }

            var chain = new ForwardChain(family, NetlinkAttributes.Text(attributes, NftMessages.ChainTable), NetlinkAttributes.Text(attributes, NftMessages.ChainName));
            if (NetworkNumber(attributes, NftMessages.ChainPolicy) == NF_DROP || EndsInDrop(socket, content[0], chain))
            {
                found.Add(chain);
            }
        }

        return found;
    }

    private static string? FamilyOf(byte family) => family switch
    {
        1 => "inet",
        2 => "ip",
        10 => "ip6",
        _ => null, // chains of bridges and devices see other packets
    };

    private static bool EndsInDrop(NetlinkSocket socket, byte family, ForwardChain chain)
    {
        var request = NftMessages.Request(NftMessages.GetRule, NftMessages.NLM_F_DUMP,
            writer => writer.Text(NftMessages.RuleTable, chain.Table).Text(NftMessages.RuleChain, chain.Name), family);

        // A kernel that does not filter the list gives the rules of other chains too.
        var last = socket.Dump(request, $"Listing the rules of nftables table {chain.Table}")
            .Select(static rule => rule.Content[NftMessages.Header.Length..])
            .LastOrDefault(rule => NetlinkAttributes.Text(rule, NftMessages.RuleChain) == chain.Name && NetlinkAttributes.Text(rule, NftMessages.RuleTable) == chain.Table);
        return last is not null && DropsAll(NetlinkAttributes.Find(last, NftMessages.RuleExpressions));
    }

    /// <summary>Whether a rule asks nothing of a packet and drops or rejects it.</summary>
    private static bool DropsAll(ReadOnlySpan<byte> expressions)
    {
        var drops = false;
        for (; NetlinkAttributes.Next(expressions, out _, out var expression, out var rest); expressions = rest)
        {
            var data = NetlinkAttributes.Find(expression, NftMessages.ExpressionData);
            switch (NetlinkAttributes.Text(expression, NftMessages.ExpressionName))
            {
                case "counter" or "log":
                    break;
                case "reject":
                case "target" when NetlinkAttributes.Text(data, NftMessages.TargetName) is "REJECT" or "DROP":
                case "immediate" when IsDrop(data):
                    drops = true;
                    break;
                default:
                    return false;
            }
        }

        return drops;
    }

    private static bool IsDrop(ReadOnlySpan<byte> immediate)
    {
        var verdict = NetlinkAttributes.Find(NetlinkAttributes.Find(immediate, NftMessages.ImmediateData), NftMessages.DataVerdict);
        return NetworkNumber(verdict, NftMessages.VerdictCode) == NF_DROP;
    }

    private static uint? NetworkNumber(ReadOnlySpan<byte> attributes, ushort type) =>
        NetlinkAttributes.Find(attributes, type) is { Length: sizeof(uint) } value ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;
}
