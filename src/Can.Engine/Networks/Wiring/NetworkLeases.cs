using System.Net;
using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Networks.Addresses;
using Can.Engine.Storage;

namespace Can.Engine.Networks.Wiring;

/// <summary>Gives containers their addresses. The caller holds the container's operation lock.</summary>
/// <param name="store">The definitions and leases.</param>
/// <param name="sweep">Takes leases back whose owners are gone; for a network that seems full.</param>
/// <param name="known">The addresses that containers have or were promised; for a network whose leases a reboot has taken.</param>
internal sealed class NetworkLeases(NetworkStore store, Action<NetworkDefinition> sweep, Func<NetworkDefinition, IEnumerable<(IPAddress Address, string Owner)>> known)
{
    /// <summary>A container's interface on a network: what it has already, as far as it is still its own, else new addresses.</summary>
    /// <param name="id">The container.</param>
    /// <param name="network">The network.</param>
    /// <param name="attachment">What the container asks for there.</param>
    /// <param name="number">N of the interface ethN.</param>
    /// <param name="before">What it had; null for nothing.</param>
    /// <exception cref="CanException"><c>IPAddressTaken</c>, <c>NetworkFull</c></exception>
    public Endpoint Acquire(string id, NetworkDefinition network, NetworkAttachment attachment, int number, Endpoint? before)
    {
        Begin(network);
        var fourth = Claim(id, network, network.IPv4, attachment.IPAddress ?? before?.IPAddress, attachment.IPAddress is not null);
        try
        {
            var sixth = network.IPv6 is { } pool
                ? Claim(id, network, pool, attachment.IPv6Address ?? before?.IPv6Address, attachment.IPv6Address is not null)
                : null;
            return new()
            {
                Network = network.Name,
                NetworkId = network.Id,
                Interface = $"eth{number}",
                IPAddress = fourth.ToText(),
                IPv6Address = sixth?.ToText(),
                MacAddress = attachment.MacAddress ?? AddressText.TextOf(HardwareAddress.Of(fourth).GetAddressBytes()),
            };
        }
        catch
        {
            store.Leases(network.Id).Release(fourth, id);
            throw;
        }
    }

    /// <summary>Gives a container's addresses on a network back.</summary>
    public void Release(string id, Endpoint endpoint)
    {
        foreach (var address in endpoint.Addresses)
        {
            store.Leases(endpoint.NetworkId).Release(address, id);
        }
    }

    /// <summary>Refuses an address that no container of the network could have.</summary>
    /// <exception cref="CanException"><c>IPAddressOutside</c></exception>
    public static void RequireAllowed(NetworkDefinition network, NetworkAttachment attachment)
    {
        Require(network, network.IPv4, attachment.IPAddress);
        Require(network, network.IPv6, attachment.IPv6Address);
    }

    private static void Require(NetworkDefinition network, AddressPool? pool, string? text)
    {
        if (text is null || (pool is not null && pool.Allows(IPAddress.Parse(text))))
        {
            return;
        }

        throw new CanException(
            "IPAddressOutside", CanErrorCategory.InvalidArgument,
            pool is null
                ? $"The network '{network.Name}' has no IPv6 addresses, so none can have {text}. Leave it out, or make the network with -IPv6."
                : $"{text} is no address for a container on the network '{network.Name}'. Choose one of {pool.Subnet} that is not the gateway's, {pool.Gateway}.", text);
    }

    /// <summary>Before anybody gets an address, everybody has those of his own choice.</summary>
    private void Begin(NetworkDefinition network)
    {
        var leases = store.Leases(network.Id);
        if (leases.Exists)
        {
            return;
        }

        using var held = OperationLock.Take(store.RunDirectory, CancellationToken.None);
        if (!leases.Exists)
        {
            Directories.Ensure(store.RunDirectoryOf(network.Id));
            leases.Begin(known(network));
        }
    }

    private IPAddress Claim(string id, NetworkDefinition network, AddressPool pool, string? wanted, bool isRequired)
    {
        var leases = store.Leases(network.Id);
        if (wanted is not null && IPAddress.TryParse(wanted, out var address) && pool.Allows(address))
        {
            if (TryTake(leases, address, id) || (isRequired && TakeAfterSweep(network, leases, address, id)))
            {
                return address;
            }

            if (isRequired)
            {
                throw new CanException(
                    "IPAddressTaken", CanErrorCategory.ResourceExists,
                    $"The address {address} of the network '{network.Name}' belongs to the container {ContainerId.Short(leases.OwnerOf(address))}. Choose another, or remove that container.", wanted);
            }
        }

        return AddressAllocator.TryClaimNext(leases, pool, id) ?? NextAfterSweep(network, leases, pool, id) ?? throw new CanException(
            "NetworkFull", CanErrorCategory.ResourceUnavailable,
            $"All addresses of the network '{network.Name}' ({pool.IPRange ?? pool.Subnet}) are in use. Remove containers from it, or make a network with a larger subnet.", network.Name);
    }

    private static bool TryTake(LeaseTable leases, IPAddress address, string id) => leases.TryClaim(address, id) || leases.OwnerOf(address) == id;

    private bool TakeAfterSweep(NetworkDefinition network, LeaseTable leases, IPAddress address, string id)
    {
        sweep(network);
        return TryTake(leases, address, id);
    }

    private IPAddress? NextAfterSweep(NetworkDefinition network, LeaseTable leases, AddressPool pool, string id)
    {
        sweep(network);
        return AddressAllocator.TryClaimNext(leases, pool, id);
    }
}
