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
    internal ConcurrentDictionary<Subnet, UInt128> LastGiven { get; } = new();

    /// <summary>Claims an address.</summary>
    /// <returns>Whether the owner has it now.</returns>
    public bool TryClaim(IPAddress address, string owner) => table.TryClaim(address.ToString(), owner);

    /// <summary>Who has an address; null if nobody has.</summary>
    public string? OwnerOf(IPAddress address) => table.Lookup(address.ToString());

    /// <summary>Gives an address back if this owner has it.</summary>
    public void Release(IPAddress address, string owner) => table.ReleaseIfOwnedBy(address.ToString(), owner);

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

    /// <summary>Removes what is no link: somebody has damaged it, and it names no owner.</summary>
    public void RemoveDamaged()
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(directory))
        {
            if (new FileInfo(path).LinkTarget is null && !Path.GetFileName(path).StartsWith('.'))
            {
                _ = Libc.unlink(path);
            }
        }
    }
}
