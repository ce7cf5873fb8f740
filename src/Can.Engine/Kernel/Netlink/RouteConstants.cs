namespace Can.Engine.Kernel.Netlink;

/// <summary>RTM_NEWLINK and its kin.</summary>
internal static class LinkMessage
{
    public const ushort New = 16;
    public const ushort Delete = 17;
    public const ushort Get = 18;
}

/// <summary>RTM_*: addresses, routes, neighbours.</summary>
internal static class RouteMessage
{
    public const ushort NewAddress = 20;
    public const ushort DeleteAddress = 21;
    public const ushort GetAddress = 22;
    public const ushort NewRoute = 24;
    public const ushort DeleteRoute = 25;
    public const ushort GetRoute = 26;
    public const ushort NewNeighbour = 28;
}

/// <summary>IFLA_*, with those nested in IFLA_LINKINFO, IFLA_AF_SPEC and the data of bridges, ports and veths.</summary>
internal static class LinkAttribute
{
    public const ushort Address = 1;
    public const ushort Name = 3;
    public const ushort Mtu = 4;
    public const ushort Link = 5;
    public const ushort Master = 10;
    public const ushort Info = 18;
    public const ushort FamilySpecific = 26;
    public const ushort NamespaceDescriptor = 28;
    public const ushort TransmitQueues = 31; // IFLA_NUM_TX_QUEUES
    public const ushort ReceiveQueues = 32; // IFLA_NUM_RX_QUEUES
    public const ushort InfoKind = 1;
    public const ushort InfoData = 2;
    public const ushort InfoSlaveKind = 4;
    public const ushort InfoSlaveData = 5;
    public const ushort BridgeForwardDelay = 1;
    public const ushort BridgeSpanningTree = 5;
    public const ushort BridgeMulticastSnooping = 23;
    public const ushort PortHairpin = 4; // IFLA_BRPORT_MODE
    public const ushort PortIsolated = 33; // IFLA_BRPORT_ISOLATED
    public const ushort VethPeer = 1;
    public const ushort Inet6AddressGeneration = 8;
}

/// <summary>IFA_*</summary>
internal static class AddressAttribute
{
    public const ushort Address = 1;
    public const ushort Local = 2;
    public const ushort Broadcast = 4;
}

/// <summary>RTA_*</summary>
internal static class RouteAttribute
{
    public const ushort Destination = 1;
    public const ushort OutgoingLink = 4;
    public const ushort Gateway = 5;
    public const ushort Priority = 6;
    public const ushort Table = 15;
}

/// <summary>NDA_*</summary>
internal static class NeighbourAttribute
{
    public const ushort Destination = 1;
    public const ushort HardwareAddress = 2;
}
