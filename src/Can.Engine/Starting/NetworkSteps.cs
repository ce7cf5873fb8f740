using System.Net.Sockets;
using Can.Engine.Containers;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Networks.Wiring;

namespace Can.Engine.Starting;

/// <summary>Steps that wire a container: the host's side by the monitor, the inner side by the child, ports given back at the end.</summary>
/// <remarks>
/// Nothing takes an interface away: the kernel does that with the namespace, unless another container lives in it. Each run's interfaces
/// have another name on the host, as those of the run before may still be on their way out.
/// </remarks>
internal static class NetworkSteps
{
    /// <summary>The monitor's part, while the child waits.</summary>
    public static void AddWire(PlanBuilder plan, NetworkWiring? wiring)
    {
        if (wiring is null)
        {
            return;
        }

        plan.Stage = PlanStage.Wire;
        foreach (var link in wiring.Interfaces)
        {
            plan.Netlink(RouteMessages.Veth(VethOf(link)));
        }

        if (wiring.Ports.Count > 0)
        {
            plan.Netlink(ElementMessages.Add(wiring.Table, wiring.Ports.Select(MapElement.Published)));
            ForgetConnections(plan, wiring);
        }
    }

    /// <summary>The child's settings of its interfaces, while its /proc/sys can be written.</summary>
    /// <remarks>
    /// <para>Without an IPv6 address there is to be no IPv6: each interface that comes up would announce its multicast groups to all others on
    /// the bridge, which with a thousand of them costs more than everything else. With one, no neighbour's router advertisement
    /// may redirect the container, and its addresses are known to be its own.</para>
    /// <para>In the container's own /proc: the host's has an entry of each of these names for every network namespace that was seen through
    /// it, and the kernel would go through all of them (0.8 ms beside 1,000 containers).</para>
    /// </remarks>
    public static void AddSysctls(PlanBuilder plan, NetworkWiring? wiring)
    {
        foreach (var link in wiring?.Interfaces ?? [])
        {
            var directory = $"/proc/sys/net/ipv6/conf/eth{link.Number}";
            if (HasIPv6(link))
            {
                plan.WriteFileIn($"{directory}/accept_ra", "0");
                plan.WriteFileIn($"{directory}/accept_dad", "0");
            }
            else
            {
                plan.WriteFileIn($"{directory}/disable_ipv6", "1", optional: true); // a kernel without IPv6 has no such file
            }
        }
    }

    /// <summary>The child's part, once it is in its root.</summary>
    public static void AddChild(PlanBuilder plan, ContainerDefinition definition, NetworkWiring? wiring)
    {
        if (definition.Network == NetworkMode.Host || NetworkMode.SharedWith(definition.Network) is not null)
        {
            return;
        }

        if (wiring is null or { Interfaces.Count: 0 })
        {
            plan.Netlink(RouteMessages.LoopbackUp());
            return;
        }

        var addresses = wiring.Interfaces.SelectMany(static link => link.Addresses.Select(address =>
            RouteMessages.Address(LinkReference.Inside(link.Number), address.Address, address.PrefixLength)));
        var routes = wiring.Interfaces.SelectMany(static link => link.Gateways.Select(gateway =>
            RouteMessages.DefaultRoute(LinkReference.Inside(link.Number), gateway)));
        var up = wiring.Interfaces.Select(static link =>
            RouteMessages.LinkUp(LinkReference.Inside(link.Number), linkLocal: HasIPv6(link)));
        plan.Netlink(NetlinkMessages.Join([RouteMessages.LoopbackUp(), .. addresses, .. up, .. routes]));
        plan.Add(PlanOperation.AwaitLinks, Array.ConvertAll([.. wiring.Interfaces], static link => (PlanArgument)(ulong)link.Number));
    }

    /// <summary>The monitor's part after every run.</summary>
    public static void AddTeardown(PlanBuilder plan, NetworkWiring? wiring)
    {
        if (wiring is { Ports.Count: > 0 })
        {
            plan.Stage = PlanStage.Teardown;
            plan.Netlink(ElementMessages.Delete(wiring.Table, wiring.Ports.Select(MapElement.Published)));
            ForgetConnections(plan, wiring);
        }

        if (wiring is { IsEntered: true })
        {
            // Else two interfaces of the bridge would have one address as soon as this container runs again, or another gets it.
            plan.Stage = PlanStage.Teardown;
            foreach (var link in wiring.Interfaces)
            {
                plan.Netlink(RouteMessages.RemoveVeth(VethOf(link)));
            }
        }
    }

    /// <summary>Clients that go on sending datagrams would be led to whoever had the port when they began.</summary>
    private static void ForgetConnections(PlanBuilder plan, NetworkWiring wiring)
    {
        var datagrams = wiring.Ports.Where(static port => port.Protocol == TransportProtocol.Udp)
            .Select(static port => PortReservation.KeyOf(port.HostAddress, port.HostPort, port.Protocol)).ToArray();
        if (datagrams.Length > 0)
        {
            plan.ForgetConnections(datagrams);
        }
    }

    private static bool HasIPv6(WiredInterface link) =>
        link.Addresses.Any(static address => address.Address.AddressFamily == AddressFamily.InterNetworkV6);

    private static VethLink VethOf(WiredInterface link) =>
        new(link.HostName, link.Number, link.BridgeIndex, link.HardwareAddress, link.Mtu, (int)PlanDescriptor.Network) { Isolated = link.Isolated };
}
