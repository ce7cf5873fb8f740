namespace Can.Engine.Kernel.Netlink;

/// <summary>Which part of the kernel a netlink socket speaks to (linux/netlink.h).</summary>
internal enum NetlinkProtocol
{
    /// <summary>NETLINK_ROUTE: links, addresses, routes, neighbours.</summary>
    Route = 0,

    /// <summary>NETLINK_NETFILTER: nf_tables and connection tracking.</summary>
    Netfilter = 12,
}
