using System.Net;
using Can.Engine.Containers;
using Can.Engine.Kernel.Locks;
using Can.Engine.Networks.Addresses;
using Can.Engine.Storage;

namespace Can.Engine.Networks.Names;

/// <summary>
/// Who is called what on which network. A network has one hosts file, which the containers that are on it alone mount as their own:
/// a new name is one line, however many containers there are. A container on several networks, or with lines of its own, has a file
/// of its own that follows those of its networks.
/// </summary>
internal sealed class NetworkHosts(CanRoot root, NetworkStore store)
{
    /// <summary>The file that all containers of a network share.</summary>
    public string SharedPath(string networkId) => $"{store.RunDirectoryOf(networkId)}/hosts";

    /// <summary>The file of one container.</summary>
    public string OwnPath(string id) => $"{EtcOf(id)}/hosts";

    /// <summary>Whether a container needs a file of its own.</summary>
    public static bool NeedsOwn(ContainerDefinition definition) =>
        definition.Attachments is not { Count: 1 } || definition.Names is { Hosts.Count: > 0 } || definition.Hostname != ContainerId.Short(definition.Id);

    /// <summary>What a container is called on one of its networks.</summary>
    public static IReadOnlyList<string> NamesOf(ContainerDefinition definition, NetworkAttachment? attachment) =>
        [definition.Name, .. attachment?.Aliases ?? [], ContainerId.Short(definition.Id)];

    /// <summary>Makes a container's names known on a network, in place of those it had.</summary>
    public void Set(Endpoint endpoint, IReadOnlyList<string> names)
    {
        using var held = OperationLock.Take(store.RunDirectoryOf(endpoint.NetworkId), CancellationToken.None);
        foreach (var address in endpoint.Addresses)
        {
            SetLocked(endpoint.NetworkId, address, names);
        }
    }

    /// <summary>Takes the names of an address away.</summary>
    public void Remove(string networkId, IPAddress address)
    {
        using var held = OperationLock.Take(store.RunDirectoryOf(networkId), CancellationToken.None);
        SetLocked(networkId, address, []);
    }

    /// <summary>Writes a container's own file, before it runs.</summary>
    /// <param name="definition">The container.</param>
    /// <param name="endpoints">Its interfaces.</param>
    /// <param name="gateway">The address that <see cref="HostEntry.HostGateway"/> stands for.</param>
    public void WriteOwn(ContainerDefinition definition, IReadOnlyList<Endpoint> endpoints, string gateway)
    {
        Directories.Ensure(EtcOf(definition.Id), Directories.Public);
        var file = new HostsFile(OwnPath(definition.Id));
        var own = definition.Hostname == ContainerId.Short(definition.Id)
            ? [] // which is among the names that its networks know
            : endpoints.SelectMany(static endpoint => endpoint.Addresses).Select(address => HostsFile.FixedLine(address.ToText(), definition.Hostname));
        file.Reset(HostsFile.Header + Extra(definition.Names, gateway) + string.Concat(own));
        foreach (var endpoint in endpoints)
        {
            Follow(definition.Id, endpoint.NetworkId);
        }
    }

    /// <summary>The lines that the caller asked for.</summary>
    public static string Extra(NameSettings? names, string? gateway) => string.Concat((names?.Hosts ?? []).Select(entry =>
        entry.Address == HostEntry.HostGateway
            ? gateway is null ? "" : HostsFile.FixedLine(gateway, entry.Name)
            : HostsFile.FixedLine(entry.Address, entry.Name)));

    /// <summary>From here on a container's own file has the names of a network.</summary>
    public void Follow(string id, string networkId)
    {
        using var held = OperationLock.Take(store.RunDirectoryOf(networkId), CancellationToken.None);
        var followers = FollowersOf(networkId);
        Directories.Ensure(followers);
        File.WriteAllBytes($"{followers}/{id}", []);
        foreach (var group in new HostsFile(SharedPath(networkId)).Read().GroupBy(static line => line.Address))
        {
            SetOwn(id, group.Key, [.. group.SelectMany(static line => line.Names)]);
        }
    }

    /// <summary>A container's own file loses the names of a network.</summary>
    public void Unfollow(string id, string networkId)
    {
        using var held = OperationLock.Take(store.RunDirectoryOf(networkId), CancellationToken.None);
        var follower = $"{FollowersOf(networkId)}/{id}";
        if (!File.Exists(follower))
        {
            return;
        }

        foreach (var (address, _) in new HostsFile(SharedPath(networkId)).Read())
        {
            SetOwn(id, address, []);
        }

        File.Delete(follower);
    }

    private void SetLocked(string networkId, IPAddress address, IReadOnlyList<string> names)
    {
        new HostsFile(SharedPath(networkId)).Set(address, names);
        var followers = FollowersOf(networkId);
        if (!Directory.Exists(followers))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(followers))
        {
            SetOwn(Path.GetFileName(path), address, names);
        }
    }

    private void SetOwn(string id, IPAddress address, IReadOnlyList<string> names)
    {
        if (!File.Exists(OwnPath(id)))
        {
            return; // it has been removed
        }

        // Two networks may want to change it at once.
        using var held = OperationLock.Take(EtcOf(id), CancellationToken.None);
        if (File.Exists(OwnPath(id)))
        {
            new HostsFile(OwnPath(id)).Set(address, names);
        }
    }

    private string FollowersOf(string networkId) => $"{store.RunDirectoryOf(networkId)}/followers";

    private string EtcOf(string id) => $"{root.ContainerRun(id)}/etc";
}
