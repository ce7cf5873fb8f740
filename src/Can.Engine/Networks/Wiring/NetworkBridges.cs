using System.Globalization;
using System.Text;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Networks.Addresses;
using Can.Engine.Storage;

namespace Can.Engine.Networks.Wiring;

/// <summary>
/// The networks' bridges on the host and their part of the table. They are made when a container first needs them, and made again when
/// somebody has removed them; a file beside the leases says that one was made whole.
/// </summary>
/// <param name="store">The definitions.</param>
/// <param name="table">The root's table.</param>
/// <param name="living">The containers that run, for a table or bridge that has to be made anew around them.</param>
/// <param name="notice">Told of every setting of the host that is changed.</param>
/// <param name="made">Told of every network that is put on the host.</param>
internal sealed class NetworkBridges(
    NetworkStore store, NftTable table, Func<IEnumerable<LivingContainer>> living, Action<string> notice, Action<NetworkDefinition> made)
{
    private const int LinkLocalPrefix = 64;

    /// <summary>The table.</summary>
    public NftTable Table => table;

    /// <summary>Where a network's run directory says what it was, for whoever finds it without a definition.</summary>
    public static string CopyIn(string runDirectory) => $"{runDirectory}/network.json";

    /// <summary>Every subnet that an interface or route of the host uses; not those of the networks in this root.</summary>
    public static IEnumerable<TakenSubnet> TakenOnHost()
    {
        using var socket = new RouteSocket();
        var names = socket.ListLinks().ToDictionary(static link => link.Index, static link => link.Name);
        string NameOf(int index) => names.TryGetValue(index, out var name) ? name : "the host";
        foreach (var address in socket.ListAddresses())
        {
            yield return new(Subnet.Around(address.Address, address.PrefixLength), $"an address of {NameOf(address.Link)}");
        }

        foreach (var route in socket.ListRoutes().Where(static route => route.Destination.PrefixLength > 0))
        {
            yield return new(Subnet.Around(route.Destination.BaseAddress, route.Destination.PrefixLength), $"a route by {NameOf(route.Link)}");
        }
    }

    /// <summary>The index of a network's bridge, if that is there and whole.</summary>
    public int? IndexOf(NetworkDefinition network) =>
        ReadMarker(network) is { } index && LinkLookup.IndexOfUp(network.Interface) == index ? index : null;

    /// <summary>Makes what is missing of a network.</summary>
    /// <returns>The index of its bridge.</returns>
    /// <exception cref="CanException">
    /// <c>NftablesMissing</c>, <c>NetworkPermissionDenied</c>, <c>NetworkInterfaceTaken</c>, <c>NetworkSubnetInUse</c>, <c>IPv6Disabled</c>,
    /// <c>SysctlFailed</c>, <c>NetlinkFailed</c>
    /// </exception>
    public int Ensure(NetworkDefinition network)
    {
        if (table.Exists() && IndexOf(network) is { } index)
        {
            return index;
        }

        using var held = OperationLock.Take(store.RunDirectory, CancellationToken.None);
        table.Ensure(() => [.. Ready().SelectMany(ElementsOf), .. living().SelectMany(static container => PortElements.Of(container.Record)).Select(MapElement.Published)]);
        return IndexOf(network) ?? Make(network);
    }

    /// <summary>Removes a network's bridge and its part of the table; the caller has withdrawn the definition.</summary>
    public void Remove(NetworkDefinition network)
    {
        using (var socket = new RouteSocket())
        {
            if (socket.FindLink(network.Interface) is { } link && IsOurs(network, link))
            {
                socket.Send(RouteMessages.RemoveLink(LinkReference.At(link.Index)), $"Removing the bridge {network.Interface}");
            }
        }

        if (table.Exists())
        {
            var gateway = network.IPv4.GatewayAddress;
            table.Delete([.. ElementsOf(network), .. table.ListPublished().Where(port => port.HostAddress.Equals(gateway)).Select(MapElement.Published)]);
        }
    }

    /// <summary>When anything fails nothing is left.</summary>
    private int Make(NetworkDefinition network)
    {
        using var socket = new RouteSocket();
        var present = socket.FindLink(network.Interface);
        RequirePossible(network, present);
        Directories.Ensure(store.RunDirectoryOf(network.Id));
        JsonFile.Write(CopyIn(store.RunDirectoryOf(network.Id)), network, CanJsonText.Write, durable: false);
        try
        {
            table.Add([.. ElementsOf(network)]);
            var index = present?.Index ?? MakeBridge(socket, network);
            SetUp(socket, network, index);
            Rejoin(socket, network, index);
            AtomicFile.Write(MarkerOf(network.Id), Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{index} {network.Interface}\n")), durable: false);
            made(network);
            return index;
        }
        catch when (present is null)
        {
            Remove(network);
            throw;
        }
    }

    private void SetUp(RouteSocket socket, NetworkDefinition network, int index)
    {
        foreach (var pool in network.Pools)
        {
            socket.Send(RouteMessages.Address(LinkReference.At(index), pool.GatewayAddress, pool.Subnet.PrefixLength), $"Giving the bridge {network.Interface} the address {pool.Gateway}");
        }

        if (network.IPv6 is not null)
        {
            socket.Send(RouteMessages.Address(LinkReference.At(index), RouteMessages.BridgeLinkLocal, LinkLocalPrefix), $"Giving the bridge {network.Interface} a link-local address");
        }

        socket.Send(RouteMessages.LinkUp(LinkReference.At(index), linkLocal: false), $"Setting the bridge {network.Interface} up");
        HostSettings.Apply(network, notice);
    }

    /// <summary>A bridge keeps its index when it has to be made again, so that what waits to restart still finds it.</summary>
    private int MakeBridge(RouteSocket socket, NetworkDefinition network)
    {
        var address = HardwareAddress.Of(network.IPv4.GatewayAddress);
        var index = ReadMarker(network) ?? 0;
        if (index == 0 || socket.TrySend(RouteMessages.Bridge(network.Interface, address, network.Mtu, index)) != 0)
        {
            socket.Send(RouteMessages.Bridge(network.Interface, address, network.Mtu), $"Making the bridge {network.Interface}");
        }

        return socket.FindLink(network.Interface)?.Index
            ?? throw new CanException("NetworkInterfaceTaken", CanErrorCategory.InvalidOperation, $"The bridge {network.Interface} was removed while it was made. Try again.", network.Interface);
    }

    /// <summary>Interfaces of containers that have outlived the bridge become ports of the new one.</summary>
    private void Rejoin(RouteSocket socket, NetworkDefinition network, int bridge)
    {
        var names = living().SelectMany(static container => container.Links).Where(link => link.NetworkId == network.Id).Select(static link => link.Name).ToList();
        if (names.Count == 0)
        {
            return;
        }

        foreach (var link in socket.ListLinks().Where(link => link is { Kind: "veth", Master: 0 } && names.Exists(name => link.Name.StartsWith(name, StringComparison.Ordinal))))
        {
            // One whose container has just ended is gone by now, which is fine.
            _ = socket.TrySend(RouteMessages.Join(LinkReference.At(link.Index), bridge, network.Isolate));
        }
    }

    private static void RequirePossible(NetworkDefinition network, LinkDescription? present)
    {
        if (present is not null && !IsOurs(network, present))
        {
            throw new CanException(
                "NetworkInterfaceTaken", CanErrorCategory.ResourceExists,
                $"The host has an interface {network.Interface} that is not the bridge of the network '{network.Name}'. Remove or rename that interface, or make the network anew with another one: -Option @{{ interface = 'NAME' }}.", network.Interface);
        }

        RequireIPv6(network);
        if (present is null)
        {
            RequireClear(network);
        }
    }

    /// <summary>What was clear when the network was made may be in use by now.</summary>
    private static void RequireClear(NetworkDefinition network)
    {
        foreach (var taken in TakenOnHost())
        {
            if (network.Pools.FirstOrDefault(pool => pool.Subnet.Overlaps(taken.Subnet)) is { } pool)
            {
                throw new CanException(
                    "NetworkSubnetInUse", CanErrorCategory.ResourceExists,
                    $"The subnet {pool.Subnet} of the network '{network.Name}' overlaps {taken.Subnet}, which is now {taken.User}. Make the network anew with another subnet.", network.Name);
            }
        }
    }

    private static void RequireIPv6(NetworkDefinition network)
    {
        if (network.IPv6 is not null && HostSettings.ReasonAgainstIPv6() is { } reason)
        {
            throw new CanException(
                "IPv6Disabled", CanErrorCategory.NotInstalled,
                $"The network '{network.Name}' has IPv6 addresses, and {reason}, or make the network without.", network.Name);
        }
    }

    private static bool IsOurs(NetworkDefinition network, LinkDescription link) =>
        link.Kind == "bridge" && link.Address.Equals(HardwareAddress.Of(network.IPv4.GatewayAddress));

    private static IEnumerable<MapElement> ElementsOf(NetworkDefinition network)
    {
        yield return MapElement.Bridge(network.Interface);
        if (!network.Isolate)
        {
            yield return MapElement.Within(network.Interface);
        }

        if (network.Internal)
        {
            yield return MapElement.Internal(network.Interface);
        }

        foreach (var subnet in network.Pools.Select(static pool => pool.Subnet.ToNetwork()))
        {
            yield return MapElement.Subnet(subnet);
            if (!network.Internal)
            {
                yield return MapElement.Masqueraded(subnet);
            }
        }
    }

    private IEnumerable<NetworkDefinition> Ready() =>
        store.Names().Select(store.TryRead).OfType<NetworkDefinition>().Where(network => ReadMarker(network) is not null);

    private int? ReadMarker(NetworkDefinition network) =>
        AtomicFile.TryRead(MarkerOf(network.Id)) is { } bytes && Encoding.ASCII.GetString(bytes).Split(' ') is [var index, ..]
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private string MarkerOf(string id) => $"{store.RunDirectoryOf(id)}/bridge";
}
