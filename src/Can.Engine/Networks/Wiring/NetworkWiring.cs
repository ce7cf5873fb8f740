using System.Net;
using System.Net.NetworkInformation;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Networks.Wiring;

/// <summary>Everything a plan says about a container's network, found out beforehand.</summary>
internal sealed record NetworkWiring
{
    /// <summary>Interfaces, eth0 first.</summary>
    public required IReadOnlyList<WiredInterface> Interfaces { get; init; }

    /// <summary>Published ports.</summary>
    public required IReadOnlyList<PortTranslation> Ports { get; init; }

    /// <summary>Name of the table that translates them.</summary>
    public required string Table { get; init; }

    /// <summary>Host path of /etc/hosts.</summary>
    public required string HostsPath { get; init; }

    /// <summary>Whether other containers see the same hosts file, so that none may write to it.</summary>
    public required bool HostsShared { get; init; }

    /// <summary>Whether another container has entered the namespace, which may then outlive the run, and its interfaces with it.</summary>
    public bool IsEntered { get; init; }
}

/// <summary>An address of an interface.</summary>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">Bits that it has in common with all of its subnet.</param>
internal sealed record InterfaceAddress(IPAddress Address, int PrefixLength);

/// <summary>An interface of a container.</summary>
internal sealed record WiredInterface
{
    /// <summary>N of ethN.</summary>
    public required int Number { get; init; }

    /// <summary>Name of the host's end, to which the run's number is added.</summary>
    public required string HostName { get; init; }

    /// <summary>Name of the bridge.</summary>
    public required string Bridge { get; init; }

    /// <summary>Index of the bridge; 0 while it is not there (a plan that is only shown).</summary>
    public required int BridgeIndex { get; init; }

    /// <summary>Hardware address inside.</summary>
    public required PhysicalAddress HardwareAddress { get; init; }

    /// <summary>Addresses with the lengths of their prefixes.</summary>
    public required IReadOnlyList<InterfaceAddress> Addresses { get; init; }

    /// <summary>Whether one of them is of IPv6, which needs a link-local address beside it.</summary>
    public bool HasIPv6 => Addresses.Any(static address => address.Address.IsIPv6());

    /// <summary>Gateways of the default routes that lead through this interface.</summary>
    public required IReadOnlyList<IPAddress> Gateways { get; init; }

    /// <summary>Largest packet in bytes; 0 for the kernel's default.</summary>
    public required int Mtu { get; init; }

    /// <summary>It exchanges nothing with the other containers of its network.</summary>
    public required bool Isolated { get; init; }
}
