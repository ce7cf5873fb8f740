using Can.Engine.Kernel.Netfilter;
using Can.Engine.Kernel.Nftables;

namespace Can.Engine.Networks.Firewalls;

/// <summary>
/// Finds firewalls that drop forwarded packets. An accepting rule of Can's own table cannot overrule them: a packet is dropped when any
/// table says so. One that mentions the network's bridge is left alone: somebody has decided about it.
/// </summary>
internal static class ForeignFirewalls
{
    /// <summary>Those that stand in a network's way, in the network namespace of the calling thread.</summary>
    public static IReadOnlyList<ForeignFirewall> Find(NetworkDefinition network)
    {
        if (network.Internal)
        {
            return [];
        }

        try
        {
            return [.. OfNftables(network), .. OfLegacyTables(network)];
        }
        catch (CanException)
        {
            // Whoever cannot be asked cannot be warned of.
            return [];
        }
    }

    private static IEnumerable<ForeignFirewall> OfNftables(NetworkDefinition network) =>
        from chain in ForwardChains.FindDropping()
        where chain.Family != "ip6" || network.IPv6 is not null
        let text = LibNftables.Run($"list table {chain.Family} {chain.Table}", out var lines, out _) ? lines : ""
        where !Mentions(text, network.Interface)
        select new ForeignFirewall($"nftables chain {chain.Family} {chain.Table} {chain.Name}", RemedyOf(chain, text, network.Interface));

    private static IEnumerable<ForeignFirewall> OfLegacyTables(NetworkDefinition network)
    {
        foreach (var isIPv6 in network.IPv6 is null ? [false] : (bool[])[false, true])
        {
            if (LegacyTable.TryRead(isIPv6) is { DropsForwarded: true } table && !table.Mentions(network.Interface))
            {
                var command = isIPv6 ? "ip6tables-legacy" : "iptables-legacy";
                yield return new($"{command} chain filter FORWARD", Rules(command, table.Mentions, network.Interface));
            }
        }
    }

    /// <summary>Also by a pattern such as <c>"can*"</c>.</summary>
    private static bool Mentions(string table, string name) =>
        Enumerable.Range(1, name.Length).Any(length => table.Contains($"\"{name[..length]}*\"", StringComparison.Ordinal))
        || table.Contains($"\"{name}\"", StringComparison.Ordinal);

    private static string[] RemedyOf(ForwardChain chain, string table, string name)
    {
        if (chain.Table == "firewalld")
        {
            return [$"firewall-cmd --permanent --zone=trusted --add-interface={name}", "firewall-cmd --reload"];
        }

        // What iptables-nft manages is better changed by it.
        return chain is { Family: "ip" or "ip6", Table: "filter", Name: "FORWARD" }
            ? Rules(chain.Family == "ip" ? "iptables" : "ip6tables", other => table.Contains($"chain {other} ", StringComparison.Ordinal), name)
            : [
                $"nft insert rule {chain.Family} {chain.Table} {chain.Name} iifname {name} accept",
                $"nft insert rule {chain.Family} {chain.Table} {chain.Name} oifname {name} accept",
            ];
    }

    /// <summary>Docker has a chain for the rules of others, and ufw a command.</summary>
    private static string[] Rules(string command, Func<string, bool> hasChain, string name)
    {
        if (hasChain("ufw-user-forward") || hasChain("ufw6-user-forward"))
        {
            return [$"ufw route allow in on {name}", $"ufw route allow out on {name}"];
        }

        var chain = hasChain("DOCKER-USER") ? "DOCKER-USER" : "FORWARD";
        return [$"{command} -I {chain} -i {name} -j ACCEPT", $"{command} -I {chain} -o {name} -j ACCEPT"];
    }
}
