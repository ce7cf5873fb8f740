using System.Net;
using System.Net.Sockets;
using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Networks.Names;
using Can.Engine.Networks.Wiring;

namespace Can.Engine.Networks;

// Changes to a running container's networks. Callers hold its operation lock and have published its new definition.
public sealed partial class NetworkService
{
    /// <summary>Gives a running container an interface on a network.</summary>
    /// <param name="definition">The container, with the network already among its attachments.</param>
    /// <param name="attachment">The network.</param>
    /// <param name="process">The container's namespace.</param>
    internal void Connect(ContainerDefinition definition, NetworkAttachment attachment, ProcessNetwork process)
    {
        var network = RequireOrMake(attachment.Network);
        var index = bridges.Ensure(network);
        var before = records.TryRead(definition.Id) ?? NetworkRecord.Empty;
        var endpoint = Acquire(definition, attachment, network, FreeNumber(before));
        try
        {
            var link = InterfaceOf(definition.Id, endpoint, network, index, new Gateways(null, null));
            MakePair(definition, network, link, process);
            process.Run(inside => AddAddresses(inside, link));
            Reroute(definition, before, process);
        }
        catch
        {
            Release(definition.Id, endpoint);
            records.Write(definition.Id, before);
            throw;
        }

        hosts.Set(endpoint, NetworkHosts.NamesOf(definition, attachment));
    }

    /// <summary>Takes a running container's interface on a network away.</summary>
    /// <param name="definition">The container, with the network no longer among its attachments.</param>
    /// <param name="networkName">The network.</param>
    /// <param name="process">The container's namespace; null when it does not run.</param>
    internal void Disconnect(ContainerDefinition definition, string networkName, ProcessNetwork? process)
    {
        var before = records.TryRead(definition.Id);
        if (before?.Endpoints.FirstOrDefault(endpoint => endpoint.Network == networkName) is not { } endpoint)
        {
            return;
        }

        if (process is not null)
        {
            process.Run(inside =>
            {
                if (inside.FindLink(endpoint.Interface) is { } link)
                {
                    inside.Send(RouteMessages.RemoveLink(LinkReference.At(link.Index)), $"Removing the interface {endpoint.Interface} of '{definition.Name}'");
                }
            });
            Reroute(definition, before, process);
        }
        else
        {
            records.Write(definition.Id, before with { Endpoints = [.. before.Endpoints.Where(other => other != endpoint)] });
        }

        Release(definition.Id, endpoint);
    }

    /// <summary>Reserves ports for a container that runs already.</summary>
    internal static PortReservations ReserveMore(IReadOnlyList<PortMapping> ports) => new(NetworkPorts.Reserve(ports));

    /// <summary>Translates further ports, and no longer others.</summary>
    /// <param name="definition">The container.</param>
    /// <param name="added">Ports that its monitor has reserved.</param>
    /// <param name="gone">Ports that its monitor gives back afterwards.</param>
    /// <param name="renew">Leaves a plan for the record as it is by then: it takes at the end what is translated, whenever this is killed.</param>
    internal void ChangePorts(
        ContainerDefinition definition, IReadOnlyList<(PortMapping Mapping, PortReservation Reservation)> added, IReadOnlyList<PublishedPort> gone, Action renew)
    {
        EnsureNetworks(definition);
        var before = records.TryRead(definition.Id) ?? NetworkRecord.Empty;
        var less = before with { Ports = [.. before.Ports.Except(gone)] };
        var after = less with { Ports = [.. less.Ports, .. added.Select(static port => NetworkPorts.Published(port.Mapping, port.Reservation))] };
        records.Write(definition.Id, after);
        ports.Move(before, less);
        renew();
        ports.SweepBeside(after);
        ports.Move(less, after);
    }

    /// <summary>
    /// Brings a running container's hosts file in line with its networks. One that has been on one network alone sees that one's file,
    /// which no longer serves.
    /// </summary>
    /// <param name="definition">The container.</param>
    /// <param name="mount">Mounts its own file over the other; not called when it has that already.</param>
    internal void RenewHosts(ContainerDefinition definition, Action<string> mount)
    {
        var record = records.TryRead(definition.Id) ?? NetworkRecord.Empty;
        if (record.HasOwnHosts)
        {
            foreach (var endpoint in record.Endpoints)
            {
                hosts.Follow(definition.Id, endpoint.NetworkId);
            }

            return;
        }

        hosts.WriteOwn(definition, record.Endpoints, GatewayOf(definition));
        mount(hosts.OwnPath(definition.Id));
        records.Write(definition.Id, record with { HasOwnHosts = true });
    }

    private static void MakePair(ContainerDefinition definition, NetworkDefinition network, WiredInterface link, ProcessNetwork process)
    {
        using var socket = new RouteSocket();
        var pair = new VethLink(FreshName(link.HostName), link.Number, link.BridgeIndex, link.HardwareAddress, link.Mtu, process.Descriptor)
        {
            NumberedByRun = false,
            Isolated = link.Isolated,
        };
        var what = $"Making an interface of '{definition.Name}' on the network '{network.Name}'";
        switch (socket.TrySend(RouteMessages.Veth(pair)))
        {
            case 0: return;
            case BridgeLimit.Errno: throw new CanException(BridgeLimit.ErrorId, CanErrorCategory.ResourceUnavailable, $"{what} failed: {BridgeLimit.Message}", network.Name);
            case var errno: throw NetlinkSocket.Failure(what, errno, socket.Words);
        }
    }

    private static int FreeNumber(NetworkRecord record) =>
        Enumerable.Range(0, record.Endpoints.Count + 1).First(number => !record.Endpoints.Any(endpoint => endpoint.Interface == $"eth{number}"));

    private static string FreshName(string begin) => begin + Entropy.Hex(2);

    private string GatewayOf(ContainerDefinition definition) =>
        definition.Attachments is [var first, ..] && store.TryRead(first.Network) is { } network ? network.IPv4.Gateway : "127.0.0.1";

    private static void AddAddresses(RouteSocket inside, WiredInterface link)
    {
        var index = inside.FindLink($"eth{link.Number}")?.Index ?? 0;
        foreach (var (address, length) in link.Addresses)
        {
            inside.Send(RouteMessages.Address(LinkReference.At(index), address, length), $"Giving eth{link.Number} the address {address}");
        }

        inside.Send(RouteMessages.LinkUp(LinkReference.At(index), link.HasIPv6), $"Setting eth{link.Number} up");
    }

    /// <summary>
    /// Brings record, default routes and published ports of a running container in line with its definition. Ports lead to the
    /// interface by which the answers leave, so they may move with the route.
    /// </summary>
    private void Reroute(ContainerDefinition definition, NetworkRecord before, ProcessNetwork process)
    {
        var now = records.TryRead(definition.Id) ?? NetworkRecord.Empty;
        var networks = definition.Attachments!.Select(attachment => Require(attachment.Network)).ToList();
        var gateways = Gateways.Of(definition.Attachments!, networks);
        var after = now with
        {
            Endpoints = [.. now.Endpoints.Where(endpoint => networks.Exists(network => network.Id == endpoint.NetworkId)).Select(gateways.Mark)],
        };
        records.Write(definition.Id, after);
        process.Run(inside =>
        {
            SetRoute(inside, isIPv6: false, after.Endpoints.FirstOrDefault(static endpoint => endpoint.HasRoute), gateways.IPv4?.IPv4.GatewayAddress);
            SetRoute(inside, isIPv6: true, after.Endpoints.FirstOrDefault(static endpoint => endpoint.HasIPv6Route), gateways.IPv6?.IPv6?.GatewayAddress);
        });
        if (after.Ports.Count > 0)
        {
            networks.ForEach(network => bridges.Ensure(network));
        }

        ports.Move(before, after);
    }

    /// <summary>Somebody may have removed a bridge or the table while the container ran.</summary>
    private void EnsureNetworks(ContainerDefinition definition)
    {
        foreach (var attachment in definition.Attachments ?? [])
        {
            bridges.Ensure(Require(attachment.Network));
        }
    }

    /// <summary>Replaces the default route of a family.</summary>
    private static void SetRoute(RouteSocket inside, bool isIPv6, Endpoint? endpoint, IPAddress? gateway)
    {
        var wanted = endpoint is null || gateway is null ? 0 : inside.FindLink(endpoint.Interface)?.Index ?? 0;
        var isThere = false;
        foreach (var route in inside.ListRoutes())
        {
            if (route.Destination.PrefixLength != 0 || route.Gateway is null || route.Gateway.AddressFamily == AddressFamily.InterNetworkV6 != isIPv6)
            {
                continue;
            }

            if (route.Link == wanted && route.Gateway.Equals(gateway))
            {
                isThere = true;
                continue;
            }

            inside.Send(RouteMessages.RemoveDefaultRoute(LinkReference.At(route.Link), route.Gateway, route.Metric), $"Removing the default route by {route.Gateway}");
        }

        if (wanted != 0 && !isThere)
        {
            inside.Send(RouteMessages.DefaultRoute(LinkReference.At(wanted), gateway!), $"Adding the default route by {gateway}");
        }
    }
}
