using System.Collections.Concurrent;
using System.Net;
using Can.Engine.Kernel;
using Can.Engine.Storage;

namespace Can.Engine.Networks.Addresses;

/// <summary>
/// The addresses of a network that somebody has: symbolic links, address → Id of the container. Making a link is exclusive, so an
/// address is claimed without a lock and cannot be given twice; a link has its owner's name from the moment it exists, so it is
/// never half written. Only who holds the owner's operation lock takes it away.
/// </summary>
internal sealed class LeaseTable(string directory)
{
    private readonly NameTable table = new(directory);

    /// <summary>The address that this process gave last, of each subnet.</summary>
    internal ConcurrentDictionary<Subnet, IPAddress> LastGiven { get; } = new();

    /// <summary>Claims an address.</summary>
    /// <returns>Whether the owner has it now.</returns>
    public bool TryClaim(IPAddress address, string owner) => table.TryClaim(address.ToText(), owner);

    /// <summary>Who has an address; null if nobody has.</summary>
    public string? OwnerOf(IPAddress address) => table.Lookup(address.ToText());

    /// <summary>Gives an address back if this owner has it.</summary>
    public void Release(IPAddress address, string owner) => table.ReleaseIfOwnedBy(address.ToText(), owner);

    /// <summary>Every lease.</summary>
    public IEnumerable<(IPAddress Address, string Owner)> List()
    {
        foreach (var (name, owner) in table.List())
        {
            if (IPAddress.TryParse(name, out var address))
            {
                yield return (address, owner);
            }
        }
    }

    /// <summary>Whether there is a table; after a reboot there is none.</summary>
    public bool Exists => Directory.Exists(directory);

    /// <summary>Makes the table with leases in it, all at once. Of callers one at a time; nothing happens where there is one already.</summary>
    public void Begin(IEnumerable<(IPAddress Address, string Owner)> leases)
    {
        var staging = $"{directory}.new";
        Tree.Remove(staging);
        Directories.Ensure(staging);
        var begun = new NameTable(staging);
        foreach (var (address, owner) in leases)
        {
            _ = begun.TryClaim(address.ToText(), owner);
        }

        _ = Libc.rename(staging, directory);
        Tree.Remove(staging);
    }

    /// <summary>Every address that cannot be claimed, those of damaged leases too.</summary>
    public IEnumerable<IPAddress> Taken() => Entries().Select(static path => IPAddress.TryParse(Path.GetFileName(path), out var address) ? address : null).OfType<IPAddress>();

    /// <summary>Puts right what is no link: somebody has damaged it, and it names no owner.</summary>
    /// <param name="known">Whose addresses are, as far as their owners know. What nobody knows of is free again.</param>
    public void Repair(Func<IEnumerable<(IPAddress Address, string Owner)>> known)
    {
        var damaged = Entries().Where(static path => new FileInfo(path) is { Exists: true, LinkTarget: null }).ToList();
        if (damaged.Count == 0)
        {
            return;
        }

        var owners = known().DistinctBy(static lease => lease.Address).ToDictionary(static lease => lease.Address.ToText(), static lease => lease.Owner);
        foreach (var path in damaged)
        {
            if (owners.TryGetValue(Path.GetFileName(path), out var owner))
            {
                Restore(path, owner);
            }
            else
            {
                _ = Libc.unlink(path);
            }
        }
    }

    /// <summary>By rename(2), so that nobody can claim it meanwhile.</summary>
    private void Restore(string path, string owner)
    {
        var made = $"{directory}/.{Path.GetFileName(path)}";
        _ = Libc.unlink(made);
        if (Libc.symlink(owner, made) == 0)
        {
            _ = Libc.rename(made, path);
        }
    }

    private IEnumerable<string> Entries() => Directory.Exists(directory)
        ? Directory.EnumerateFileSystemEntries(directory).Where(static path => !Path.GetFileName(path.AsSpan()).StartsWith('.'))
        : [];
}
