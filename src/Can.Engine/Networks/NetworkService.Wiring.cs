using System.Net;
using System.Net.NetworkInformation;
using Can.Engine.Containers;
using Can.Engine.Networks.Addresses;
using Can.Engine.Networks.Names;
using Can.Engine.Networks.Wiring;

namespace Can.Engine.Networks;

// What the start, the change and the removal of a container need of its networks. Callers hold the container's operation lock.
public sealed partial class NetworkService
{
    private const int HostNameDigits = 9;

    /// <summary>Reads what a start on the default network reads; makes nothing.</summary>
    internal void ReadAhead()
    {
        if (store.TryRead(NetworkName.Default) is { } network && bridges.Table.Exists())
        {
            _ = bridges.IndexOf(network);
            _ = Stub();
        }
    }

    /// <summary>Refuses networks that are not there, and addresses that they do not have.</summary>
    /// <exception cref="CanException"><c>NetworkNotFound</c>, <c>IPAddressOutside</c>, <c>PublishNeedsIPv6</c>, <c>PublishOnInternal</c></exception>
    internal void Validate(ContainerDefinition definition)
    {
        var networks = definition.Attachments?.Select(attachment => RequireOrPreview(attachment.Network)).ToList() ?? [];
        for (var index = 0; index < networks.Count; index++)
        {
            NetworkLeases.RequireAllowed(networks[index], definition.Attachments![index]);
        }

        if (networks.Count > 0 && networks.TrueForAll(static network => network.Internal)
            && definition.Ports?.FirstOrDefault(static port => !IPAddress.IsLoopback(IPAddress.Parse(port.Address))) is { } inward)
        {
            throw new CanException(
                "PublishOnInternal", CanErrorCategory.InvalidArgument,
                $"'{inward}' cannot be published: nothing leads into an internal network but a loopback address of this host. Publish on {PortMapping.DefaultAddress}, or put the container on a network that is not internal too.", inward.ToString());
        }

        if (definition.Ports?.FirstOrDefault(port => !NetworkPorts.CanReach(port.Address, networks.Exists(static network => network.IPv6 is not null))) is { } port)
        {
            throw new CanException(
                "PublishNeedsIPv6", CanErrorCategory.InvalidArgument,
                $"'{port}' cannot be published: the container has no IPv6 address to which it could lead. Publish on an IPv4 address, or use a network made with -IPv6.", port.ToString());
        }
    }

    /// <summary>Addresses of its own choice are the container's from its creation on; the networks are made sure of.</summary>
    internal void Reserve(ContainerDefinition definition)
    {
        foreach (var attachment in definition.Attachments ?? [])
        {
            var network = RequireOrMake(attachment.Network);
            if (attachment.IPAddress is not null || attachment.IPv6Address is not null)
            {
                _ = Acquire(definition, attachment, network);
            }
        }
    }

    /// <summary>Makes everything that a start needs: bridges, leases, names, reserved ports.</summary>
    /// <returns>Null for a container without networks.</returns>
    internal PreparedNetwork? Prepare(ContainerDefinition definition)
    {
        if (definition.Attachments is null)
        {
            return null;
        }

        SweepInterfaces(definition.Id);
        var networks = definition.Attachments.Select(attachment => RequireOrMake(attachment.Network)).ToList();
        var indices = networks.ConvertAll(bridges.Ensure);
        var gateways = Gateways.Of(definition.Attachments, networks);
        var endpoints = definition.Attachments.Zip(networks, (attachment, network) => Acquire(definition, attachment, network, gateways: gateways)).ToList();
        var published = definition.Ports ?? [];
        var reservations = NetworkPorts.Reserve(published);
        var record = new NetworkRecord
        {
            Endpoints = endpoints,
            Ports = [.. published.Zip(reservations, NetworkPorts.Published)],
            HasOwnHosts = NetworkHosts.NeedsOwn(definition),
        };
        try
        {
            ports.SweepBeside(record);
            WriteIfChanged(definition.Id, record);
            PublishNames(definition, endpoints);
            return new(WiringOf(definition, record, networks, indices, gateways), reservations, StubGateway(definition));
        }
        catch
        {
            reservations.ForEach(static reservation => reservation.Dispose());
            throw;
        }
    }

    /// <summary>How a container is wired, as far as that is known; makes nothing.</summary>
    internal NetworkWiring? Preview(ContainerDefinition definition)
    {
        if (definition.Attachments is null)
        {
            return null;
        }

        var networks = definition.Attachments.Select(attachment => RequireOrPreview(attachment.Network)).ToList();
        var record = records.TryRead(definition.Id) ?? NetworkRecord.Empty;
        var gateways = Gateways.Of(definition.Attachments, networks);
        var endpoints = definition.Attachments.Zip(networks, (attachment, network) =>
            gateways.Mark(record.Endpoints.FirstOrDefault(endpoint => endpoint.NetworkId == network.Id) ?? Guess(definition, attachment, network))).ToList();
        var published = record.Ports.Count > 0 ? record.Ports : [.. (definition.Ports ?? []).Select(static port => new PublishedPort
        {
            Address = port.Address, HostPort = port.HostPort, ContainerPort = port.ContainerPort, Protocol = port.Protocol,
        })];
        var hasOwnHosts = record.HasOwnHosts || NetworkHosts.NeedsOwn(definition);
        return WiringOf(definition, new() { Endpoints = endpoints, Ports = published, HasOwnHosts = hasOwnHosts }, networks, networks.ConvertAll(network => bridges.IndexOf(network) ?? 0), gateways);
    }

    /// <summary>What a container has of its networks now; null for nothing.</summary>
    internal NetworkRecord? RecordOf(string id) => records.TryRead(id);

    /// <summary>Gives everything back; the container is gone.</summary>
    internal void Release(string id)
    {
        SweepInterfaces(id);
        if (records.TryRead(id) is not { } record)
        {
            return;
        }

        RemoveElements(record);
        foreach (var endpoint in record.Endpoints)
        {
            Release(id, endpoint);
        }

        records.Forget(id);
    }

    /// <summary>Takes away what a killed monitor left.</summary>
    internal void SweepAbandoned(string id)
    {
        SweepInterfaces(id);
        if (records.TryRead(id) is { } record)
        {
            RemoveElements(record);
        }
    }

    /// <summary>Other containers find it by its new name from now on.</summary>
    internal void Rename(ContainerDefinition definition)
    {
        foreach (var endpoint in records.TryRead(definition.Id)?.Endpoints ?? [])
        {
            hosts.Set(endpoint, NetworkHosts.NamesOf(definition, AttachmentTo(definition, endpoint)));
        }
    }

    /// <summary>Ports that somebody else has by now are his.</summary>
    private void RemoveElements(NetworkRecord record)
    {
        if (record.Ports.Count > 0 && bridges.Table.Exists())
        {
            ports.Remove(PortElements.Of(record));
        }
    }

    private static NetworkAttachment? AttachmentTo(ContainerDefinition definition, Endpoint endpoint) =>
        definition.Attachments?.FirstOrDefault(attachment => attachment.Network == endpoint.Network);

    private void Release(string id, Endpoint endpoint)
    {
        hosts.Unfollow(id, endpoint.NetworkId);
        foreach (var address in endpoint.Addresses)
        {
            hosts.Remove(endpoint.NetworkId, address);
        }

        leases.Release(id, endpoint);
    }

    /// <summary>Leases a container's addresses on a network and keeps that in its record.</summary>
    /// <param name="definition">The container.</param>
    /// <param name="attachment">What it asks for.</param>
    /// <param name="network">The network.</param>
    /// <param name="number">N of the interface ethN; null for its place among the attachments.</param>
    /// <param name="gateways">Which default routes lead through it; null where that is found out later.</param>
    private Endpoint Acquire(
        ContainerDefinition definition, NetworkAttachment attachment, NetworkDefinition network, int? number = null, Gateways? gateways = null)
    {
        var record = records.TryRead(definition.Id) ?? NetworkRecord.Empty;
        var before = record.Endpoints.FirstOrDefault(endpoint => endpoint.NetworkId == network.Id);
        number ??= definition.Attachments!.TakeWhile(other => other.Network != attachment.Network).Count();
        var endpoint = leases.Acquire(definition.Id, network, attachment, number.Value, before) with
        {
            HasRoute = before?.HasRoute ?? false,
            HasIPv6Route = before?.HasIPv6Route ?? false,
        };
        endpoint = gateways?.Mark(endpoint) ?? endpoint;
        if (endpoint != before)
        {
            records.Write(definition.Id, record with
            {
                Endpoints = [.. record.Endpoints.Where(other => other.NetworkId != network.Id), endpoint],
            });
        }

        return endpoint;
    }

    private Endpoint Guess(ContainerDefinition definition, NetworkAttachment attachment, NetworkDefinition network)
    {
        var pool = network.IPv4;
        var free = pool.First;
        while (free < pool.Last && (!pool.Allows(pool.Subnet.ToAddress(free)) || store.Leases(network.Id).OwnerOf(pool.Subnet.ToAddress(free)) is not null))
        {
            free++;
        }

        var address = attachment.IPAddress ?? pool.Subnet.ToAddress(free).ToText();
        return new()
        {
            Network = network.Name,
            NetworkId = network.Id,
            Interface = $"eth{definition.Attachments!.ToList().IndexOf(attachment)}",
            IPAddress = address,
            IPv6Address = network.IPv6 is { } sixth ? attachment.IPv6Address ?? sixth.Subnet.ToAddress(sixth.First + 1).ToString() : null,
            MacAddress = attachment.MacAddress ?? AddressText.TextOf(Kernel.HardwareAddress.Of(AddressText.Parse(address)).GetAddressBytes()),
        };
    }

    private void WriteIfChanged(string id, NetworkRecord record)
    {
        var now = records.TryRead(id);
        if (now is null || now.HasOwnHosts != record.HasOwnHosts || !now.Endpoints.SequenceEqual(record.Endpoints) || !now.Ports.SequenceEqual(record.Ports))
        {
            records.Write(id, record);
        }
    }

    private void PublishNames(ContainerDefinition definition, List<Endpoint> endpoints)
    {
        for (var index = 0; index < endpoints.Count; index++)
        {
            hosts.Set(endpoints[index], NetworkHosts.NamesOf(definition, definition.Attachments![index]));
        }

        if (NetworkHosts.NeedsOwn(definition))
        {
            hosts.WriteOwn(definition, endpoints, GatewayOf(definition));
        }
    }

    private NetworkWiring WiringOf(
        ContainerDefinition definition, NetworkRecord record, List<NetworkDefinition> networks, List<int> indices, Gateways gateways) =>
        new()
        {
            Interfaces = [.. networks.Select((network, index) => InterfaceOf(definition.Id, record.Endpoints[index], network, indices[index], gateways))],
            Ports = [.. PortElements.Of(record)],
            Table = bridges.Table.Name,
            HostsPath = record.HasOwnHosts ? hosts.OwnPath(definition.Id) : hosts.SharedPath(networks[0].Id),
            HostsShared = !record.HasOwnHosts,
            IsEntered = IsEntered(definition.Id),
        };

    /// <summary>What the names of all of a container's interfaces on the host begin with.</summary>
    private static string HostNameOf(string id) => $"v{id[..HostNameDigits]}";

    /// <summary>How the name of one of a container's interfaces on the host begins; what follows tells its runs apart.</summary>
    private static string LinkNameOf(string id, int number) => $"{HostNameOf(id)}{"0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]}";

    private static int NumberOf(Endpoint endpoint) => int.Parse(endpoint.Interface.AsSpan(3), System.Globalization.CultureInfo.InvariantCulture);

    private static WiredInterface InterfaceOf(string id, Endpoint endpoint, NetworkDefinition network, int bridge, Gateways gateways)
    {
        var number = NumberOf(endpoint);
        return new()
        {
            Number = number,
            HostName = LinkNameOf(id, number),
            Bridge = network.Interface,
            BridgeIndex = bridge,
            HardwareAddress = PhysicalAddress.Parse(endpoint.MacAddress),
            Addresses = [.. endpoint.Addresses.Select(address => new InterfaceAddress(address, (address.IsIPv6() ? network.IPv6! : network.IPv4).Subnet.PrefixLength))],
            Gateways = gateways.Through(network),
            Mtu = network.Mtu,
            Isolated = network.Isolate,
        };
    }
}
