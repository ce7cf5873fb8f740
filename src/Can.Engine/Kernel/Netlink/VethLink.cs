using System.Net.NetworkInformation;

namespace Can.Engine.Kernel.Netlink;

/// <summary>A pair of interfaces: one end on the host's bridge, the other born in a container's namespace.</summary>
/// <param name="HostName">
/// Name of the host's end. With <see cref="NumberedByRun"/> it has at most 11 characters and the helper appends four more.
/// </param>
/// <param name="Number">N of the container's end, which is called ethN.</param>
/// <param name="Bridge">Index of the bridge that the host's end is a port of; 0 for none.</param>
/// <param name="PeerAddress">The container end's hardware address.</param>
/// <param name="Mtu">Largest packet in bytes, of both ends; 0 for the kernel's default.</param>
/// <param name="NamespaceDescriptor">Descriptor of the container's network namespace in the sending process.</param>
internal sealed record VethLink(
    string HostName, int Number, int Bridge, PhysicalAddress PeerAddress, int Mtu, int NamespaceDescriptor)
{
    /// <summary>Whether the host's end gets another name in every run (see <see cref="NetlinkSlotKind.RunNumber"/>).</summary>
    public bool NumberedByRun { get; init; } = true;

    /// <summary>The port exchanges nothing with other such ports of its bridge (IFLA_BRPORT_ISOLATED).</summary>
    public bool Isolated { get; init; }
}
