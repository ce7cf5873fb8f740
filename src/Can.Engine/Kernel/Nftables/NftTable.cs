using System.Net;
using System.Text;
using Can.Engine.Kernel.Netlink;

namespace Can.Engine.Kernel.Nftables;

/// <summary>
/// Can's own nftables table, <c>inet NAME</c>, in the network namespace of the calling thread. Its chains never change; what differs
/// from network to network and container to container are elements of its sets and maps.
/// </summary>
/// <param name="name">The name: that of the root's cgroups, <see cref="CanRoot.CgroupName"/>.</param>
internal sealed class NftTable(string name)
{
    private static readonly string[] Maps = ["published4", "published6", "everywhere4", "everywhere6"];

    /// <summary>The table's name.</summary>
    public string Name { get; } = name;

    private enum Presence
    {
        Missing,
        Other,
        Current,
    }

    /// <summary>Whether it is there and as this version of Can makes it (one netlink message).</summary>
    public bool Exists() => Look() == Presence.Current;

    /// <summary>
    /// Makes it where it is missing; of several engines that try at once one does. A table of another version is removed first, with
    /// its elements.
    /// </summary>
    /// <param name="content">
    /// Asked for the elements of networks and running containers that are there already. They come with the table in one transaction,
    /// so that nobody ever finds a table that looks whole and is not.
    /// </param>
    /// <returns>Whether it was made.</returns>
    /// <exception cref="CanException">
    /// <c>NftablesMissing</c>: no libnftables (the message names the package), or a kernel without nf_tables; <c>NftablesFailed</c>;
    /// <c>NetworkPermissionDenied</c>.
    /// </exception>
    public bool Ensure(Func<IEnumerable<MapElement>>? content = null)
    {
        switch (Look())
        {
            case Presence.Current: return false;
            case Presence.Other: Remove(); break;
        }

        var elements = string.Concat((content?.Invoke() ?? []).DistinctBy(static element => (element.Set, Convert.ToHexString(element.Key)))
            .Select(element => $"\nadd element inet {Name} {ElementText.Of(element)}"));
        if (LibNftables.Run(TableText.For(Name) + elements, out _, out var error))
        {
            return true;
        }

        return Exists() ? false : throw new CanException("NftablesFailed", CanErrorCategory.OperatingSystem,
            $"The nftables table inet {Name} could not be made: {FirstLine(error)}", Name);
    }

    /// <summary>Removes it with everything in it; it may be missing.</summary>
    public void Remove()
    {
        using var socket = Open();
        var errno = socket.TrySend(NftMessages.Batch(batch => batch
            .Begin(NftMessages.DeleteTable, NftMessages.NLM_F_REQUEST | NftMessages.NLM_F_ACK, NftMessages.Header)
            .Text(NftMessages.TableName, Name).End()));
        if (errno is not 0 and not Errno.ENOENT)
        {
            throw Refused(errno, socket.Words);
        }
    }

    /// <summary>The table as <c>nft list table</c> writes it; empty when it is missing.</summary>
    public string Describe() => LibNftables.Run($"list table inet {Name}", out var text, out _) ? text : "";

    /// <summary>Adds elements by a socket of the engine (plans carry <see cref="ElementMessages"/>).</summary>
    /// <exception cref="CanException">
    /// <c>NftablesElementRefused</c>: the table is missing (ENOENT), or a key is mapped to something else (EEXIST; EBUSY from older kernels).
    /// </exception>
    public void Add(params IReadOnlyCollection<MapElement> elements)
    {
        if (elements.Count > 0)
        {
            using var socket = Open();
            Require(socket, socket.TrySend(ElementMessages.Add(Name, elements)));
        }
    }

    /// <summary>Translates ports wherever they led before. The caller has them reserved: nobody else may decide where they lead.</summary>
    /// <param name="ports">The ports as they are to be.</param>
    /// <exception cref="CanException"><c>NftablesElementRefused</c>: the table is missing.</exception>
    public void Lead(IReadOnlyCollection<PortTranslation> ports)
    {
        if (ports.Count == 0)
        {
            return;
        }

        using var socket = Open();
        var wanted = ports.Select(MapElement.Published).ToList();
        var keys = ports.Select(KeyOf).ToHashSet();
        int errno;
        do
        {
            errno = socket.TrySend(ElementMessages.Add(Name, wanted));
            if (!LeadsElsewhere(errno))
            {
                break;
            }

            errno = socket.TrySend(ElementMessages.Replace(Name, ListPublished().Where(port => keys.Contains(KeyOf(port))).Select(MapElement.Published), wanted));
        }
        while (errno == Errno.ENOENT); // whoever had a port before has just taken his element away

        Require(socket, errno);
    }

    /// <summary>Deletes elements; those that are gone, or gone with their table, are fine, and a key that is mapped to something else stays.</summary>
    public void Delete(params IReadOnlyCollection<MapElement> elements)
    {
        if (elements.Count == 0)
        {
            return;
        }

        using var socket = Open();
        var errno = socket.TrySend(ElementMessages.Delete(Name, elements));
        if (LeadsElsewhere(errno))
        {
            // Somebody else has one of the ports by now. That one is his; the others go.
            errno = elements.Select(element => socket.TrySend(ElementMessages.Delete(Name, [element]))).FirstOrDefault(each => each != 0 && !LeadsElsewhere(each));
        }

        if (errno != Errno.ENOENT)
        {
            Require(socket, errno);
        }
    }

    /// <summary>The ports that are translated now, for whoever sweeps what a killed monitor left.</summary>
    public IReadOnlyList<PortTranslation> ListPublished()
    {
        using var socket = Open();
        return Exists() ? [.. Maps.SelectMany(map => List(socket, map))] : [];
    }

    /// <summary>Those of these ports that lead elsewhere now, as they are: asked for one by one, whatever else is published.</summary>
    public IReadOnlyList<PortTranslation> FindOthers(IReadOnlyCollection<PortTranslation> ports)
    {
        using var socket = Open();
        return [.. ports.SelectMany(port => Find(socket, MapElement.Published(port)).Where(found => found != port))];
    }

    private static (IPAddress, int, TransportProtocol) KeyOf(PortTranslation port) => (port.HostAddress, port.HostPort, port.Protocol);

    private static bool LeadsElsewhere(int errno) => errno is Errno.EEXIST or Errno.EBUSY;

    private static NftSocket Open()
    {
        try
        {
            return NftSocket.Take();
        }
        catch (CanException error)
        {
            throw Missing("nf_tables", error);
        }
    }

    private Presence Look()
    {
        using var socket = Open();
        return socket.TryGet(NftMessages.Request(NftMessages.GetTable, 0, writer => writer.Text(NftMessages.TableName, Name)), out var table) switch
        {
            0 => IsCurrent(table) ? Presence.Current : Presence.Other,
            Errno.ENOENT => Presence.Missing,
            var errno => throw Refused(errno, socket.Words),
        };
    }

    // The comment is kept, among other things, in the table's user data, which only nft's library reads.
    private static bool IsCurrent(byte[] table)
    {
        var userData = NetlinkAttributes.Find(table.AsSpan(NftMessages.Header.Length), NftMessages.TableUserData);
        return userData.IndexOf(Encoding.UTF8.GetBytes(TableText.Version + '\0')) >= 0;
    }

    private void Require(NftSocket socket, int errno)
    {
        if (errno != 0)
        {
            throw errno == Errno.ENOENT || LeadsElsewhere(errno)
                ? new CanException("NftablesElementRefused", CanErrorCategory.InvalidOperation,
                    errno == Errno.ENOENT ? $"The nftables table inet {Name} is missing." : $"A port is already translated to somewhere else in the nftables table inet {Name}.", Name)
                : Refused(errno, socket.Words);
        }
    }

    private List<PortTranslation> Find(NftSocket socket, MapElement wanted) =>
        socket.TryGet(ElementMessages.Get(Name, wanted), out var content) switch
        {
            0 => Elements(wanted.Set, content),
            Errno.ENOENT => [], // no such element, or no table
            var errno => throw Refused(errno, socket.Words),
        };

    private IEnumerable<PortTranslation> List(NftSocket socket, string map)
    {
        var request = NftMessages.Request(NftMessages.GetElements, NftMessages.NLM_F_DUMP,
            writer => writer.Text(NftMessages.ListTable, Name).Text(NftMessages.ListSet, map));
        return socket.Dump(request, $"Listing the map {map} of the nftables table inet {Name}").SelectMany(message => Elements(map, message.Content));
    }

    private static List<PortTranslation> Elements(string map, byte[] message)
    {
        var found = new List<PortTranslation>();
        var list = NetlinkAttributes.Find(message.AsSpan(NftMessages.Header.Length), NftMessages.ListElements);
        for (; NetlinkAttributes.Next(list, out _, out var element, out var rest); list = rest)
        {
            var key = NetlinkAttributes.Find(NetlinkAttributes.Find(element, NftMessages.ElementKey), NftMessages.DataValue);
            var data = NetlinkAttributes.Find(NetlinkAttributes.Find(element, NftMessages.ElementData), NftMessages.DataValue);
            if (MapElement.ToTranslation(map, key, data) is { } translation)
            {
                found.Add(translation);
            }
        }

        return found;
    }

    private CanException Refused(int errno, string? words) => errno switch
    {
        Errno.EOPNOTSUPP or Errno.EINVAL when words is null => Missing(Name, null),
        Errno.EPERM => new("NetworkPermissionDenied", CanErrorCategory.PermissionDenied,
            "Networks with a bridge need the capability CAP_NET_ADMIN, which this process lacks. Run where it is there, or use -Network host.", Name),
        _ => NetlinkSocket.Failure($"Asking for the nftables table inet {Name}", errno, words),
    };

    private static CanException Missing(string target, CanException? reason) => new("NftablesMissing", CanErrorCategory.NotInstalled,
        "Networks with a bridge need nf_tables, which this kernel does not offer. Load the kernel module nf_tables, or use -Network none or host.", target, reason);

    private static string FirstLine(string text) => text.Split('\n', 2)[0];
}
