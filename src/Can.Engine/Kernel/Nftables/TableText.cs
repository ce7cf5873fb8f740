namespace Can.Engine.Kernel.Nftables;

/// <summary>Can's table in the language of nft(8).</summary>
internal static class TableText
{
    /// <summary>Kept in the table's comment; another number makes <see cref="NftTable.Ensure"/> make the table anew.</summary>
    public const string Version = "can 2";

    /// <summary>The table, made anew in one transaction, so that packets never meet half of it. It fails if there is one.</summary>
    /// <remarks>
    /// <para>guard: the host's loopback addresses are nobody's but the host's. A port published on 127.0.0.1 needs route_localnet on the
    /// bridges, and translation comes before routing would drop a martian; so whatever names 127/8 and did not come from lo is
    /// dropped before anything is translated. That keeps neighbours away from loopback publications, and containers away
    /// from the host's loopback services.</para>
    /// <para>forward: a bridge is open to its own containers (not if isolated), to answers and to published ports. Accepting ends
    /// this chain only; other tables' rules are asked as well.</para>
    /// <para>An internal network's containers are translated nowhere: a port of the host that leads to a container of another network, or
    /// to a name server of the host's, would be a way out. No published port leads into it from outside either.</para>
    /// <para>postrouting: a container that reaches a published port by the host's address takes the gateway's address, since its
    /// answers would else come past the host (hairpin). The subnet decides and not the interface it came from, which
    /// br_netfilter does not tell here.</para>
    /// <para>input: a resolver on 127/8 to which a gateway's port 53 is translated answers loopback addresses only.</para>
    /// </remarks>
    public static string For(string table) => $$"""
        create table inet {{table}} { comment "{{Version}}"; }
        table inet {{table}} {
            set bridges { type ifname; }
            set within { type ifname . ifname; }
            set internal { type ifname; }
            set subnets4 { type ipv4_addr; flags interval; }
            set subnets6 { type ipv6_addr; flags interval; }
            set masqueraded4 { type ipv4_addr; flags interval; }
            set masqueraded6 { type ipv6_addr; flags interval; }
            map published4 { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
            map published6 { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
            map everywhere4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
            map everywhere6 { type inet_proto . inet_service : ipv6_addr . inet_service; }

            chain guard {
                type filter hook prerouting priority -300; policy accept;
                iif != "lo" ip daddr 127.0.0.0/8 drop comment "nobody else names the host's loopback addresses"
                iif != "lo" ip saddr 127.0.0.0/8 drop comment "nor sends from them"
            }
            chain translate {
                dnat ip to ip daddr . meta l4proto . th dport map @published4
                meta nfproto ipv4 dnat ip to meta l4proto . th dport map @everywhere4
                dnat ip6 to ip6 daddr . meta l4proto . th dport map @published6
                meta nfproto ipv6 dnat ip6 to meta l4proto . th dport map @everywhere6
            }
            chain prerouting {
                type nat hook prerouting priority -100; policy accept;
                iifname @internal return comment "an internal network is led nowhere"
                fib daddr type local jump translate
            }
            chain output {
                type nat hook output priority -100; policy accept;
                fib daddr type local jump translate
            }
            chain forward {
                type filter hook forward priority 0; policy accept;
                ct state established,related accept comment "answers"
                iifname . oifname @within accept comment "containers of one network, unless it isolates them"
                iifname @internal drop comment "no way out of an internal network"
                oifname @internal drop comment "and no way in"
                oifname @bridges ct status dnat accept comment "published ports"
                oifname @bridges drop comment "other networks, and what others route here"
            }
            chain input {
                type nat hook input priority 100; policy accept;
                iifname @bridges ip daddr 127.0.0.0/8 ct status dnat snat ip to 127.0.0.1 comment "questions to the host's resolver"
            }
            chain postrouting {
                type nat hook postrouting priority 100; policy accept;
                oifname @bridges ip saddr 127.0.0.0/8 masquerade comment "the host by its loopback address"
                oifname @bridges ct status dnat ip saddr @subnets4 masquerade comment "containers by the host's address (hairpin)"
                oifname @bridges ct status dnat ip6 saddr @subnets6 masquerade comment "containers by the host's address (hairpin)"
                oifname != @bridges ip saddr @masqueraded4 masquerade comment "the way out"
                oifname != @bridges ip6 saddr @masqueraded6 masquerade comment "the way out"
            }
        }
        """;
}
