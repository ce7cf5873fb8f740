using System.Net;
using Can.Engine;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Kernel.Nftables;

namespace Can.Kill;

/// <summary>What must hold of networks after a kill: the same names, ports and addresses can be had again, and nothing is left of what was.</summary>
internal sealed class NetworkAftermath(CanEngine engine, Bystander bystander)
{
    private static readonly string[] Kept = [NetworkOperations.Network, NetworkOperations.Second];

    /// <summary>Networks that the operation made are removed; gives the first thing that is wrong, or null.</summary>
    public string? Complete(string name)
    {
        foreach (var network in engine.Networks.List().Where(static network => !Kept.Contains(network.Name)))
        {
            if (network.Name != NetworkOperations.NameOf(name))
            {
                return $"there is a network that nobody made: {network.Name}";
            }

            engine.Networks.Remove(network.Name);
        }

        return null;
    }

    /// <summary>The port, the network's name and its subnet can be taken again.</summary>
    public void Reuse(string name)
    {
        var made = engine.Containers.Create(NetworkOperations.Sleeper(name, NetworkOperations.Port), start: true, CancellationToken.None);
        engine.Containers.Remove(made.Id, force: true, CancellationToken.None);
        NetworkOperations.MakeNetwork(engine, name);
        engine.Networks.Remove(NetworkOperations.NameOf(name));
    }

    /// <summary>What is there of networks besides the two that stay and the bystander's share of them.</summary>
    public IEnumerable<string> Leftovers()
    {
        var networks = Kept.Select(name => engine.Networks.TryGet(name)!).ToList();
        return Interfaces(networks.Select(static network => network.Interface))
            .Concat(networks.SelectMany(network => Leases(network.Id)))
            .Concat(networks.SelectMany(network => Names(network.Id)))
            .Concat(Directories(networks.Select(static network => network.Id)))
            .Concat(Translations())
            .Concat(Rules(networks.Select(static network => network.Interface)))
            .Concat(Ports());
    }

    private IEnumerable<string> Interfaces(IEnumerable<string> bridges)
    {
        using var socket = new RouteSocket();
        return [.. socket.ListLinks().Select(static link => link.Name)
            .Where(name => name != "lo" && !bridges.Contains(name) && !name.StartsWith($"v{bystander.Id[..9]}", StringComparison.Ordinal))
            .Select(static name => $"interface {name}")];
    }

    private IEnumerable<string> Leases(string network) => Entries($"{engine.Root.Run}/networks/{network}/leases")
        .Where(path => Path.GetFileName(path) != bystander.Address).Select(static path => $"lease {path}");

    /// <summary>The hosts file of a network: no line in force names a container of a case.</summary>
    private IEnumerable<string> Names(string network)
    {
        var path = $"{engine.Root.Run}/networks/{network}/hosts";
        return (File.Exists(path) ? File.ReadAllLines(path) : [])
            .Where(static line => !line.StartsWith('#') && line.Contains("case-", StringComparison.Ordinal)).Select(static line => $"name {line}");
    }

    private IEnumerable<string> Directories(IEnumerable<string> ids) => Entries($"{engine.Root.Run}/networks").Where(path => !ids.Contains(Path.GetFileName(path)))
        .Concat(Entries($"{engine.Root.State}/networks").Where(static path => !Kept.Contains(Path.GetFileName(path))));

    private IEnumerable<string> Translations() => new NftTable(engine.Root.CgroupName).ListPublished()
        .Where(port => port.HostPort != Bystander.Port || port.Address.ToString() != bystander.Address)
        .Select(static port => $"translation of {port.HostAddress}:{port.HostPort} to {port.Address}:{port.Port}")
        .Concat(new NftTable(engine.Root.CgroupName).ListPublished().Any(port => port.HostPort == Bystander.Port) ? [] : ["the bystander's port is not translated"]);

    /// <summary>Elements name bridges; those of other networks would do so in quotes.</summary>
    private IEnumerable<string> Rules(IEnumerable<string> bridges) => new NftTable(engine.Root.CgroupName).Describe().Split('"')
        .Where(static word => word.StartsWith("can-", StringComparison.Ordinal)).Except(bridges).Select(static word => $"element {word}");

    private static IEnumerable<string> Ports()
    {
        try
        {
            PortReservation.Bind(IPAddress.Loopback, NetworkOperations.Port, TransportProtocol.Tcp).Dispose();
            return [];
        }
        catch (CanException error)
        {
            return [error.Message];
        }
    }

    private static string[] Entries(string path) => Directory.Exists(path) ? Directory.GetFileSystemEntries(path) : [];
}
