using System.Collections.Concurrent;
using Can.Engine.Kernel.Netlink;

namespace Can.Engine.Kernel.Nftables;

/// <summary>A socket to nf_tables in the network namespace of the calling thread, for one thread at a time. Some stay open.</summary>
/// <remarks>
/// To close such a socket waits until the kernel has freed whatever anybody has just deleted from the tables: 10 ms and more, in which
/// no other change of them is possible. Those in the process's own namespace are therefore used again; a thread that has entered another
/// one keeps none, since an open socket keeps its namespace.
/// </remarks>
internal sealed class NftSocket : IDisposable
{
    private const int MostKept = 4;
    private const string OfThread = "/proc/thread-self/ns/net";
    private const string OfProcess = "/proc/self/ns/net";

    private static readonly ConcurrentStack<NftSocket> Kept = new();

    private readonly NetlinkSocket socket = new(NetlinkProtocol.Netfilter);
    private readonly ulong home;

    private NftSocket(ulong home) => this.home = home;

    /// <inheritdoc cref="NetlinkSocket.Words"/>
    public string? Words => socket.Words;

    /// <summary>Takes one that is open already, or opens one.</summary>
    /// <exception cref="CanException"><c>NetlinkFailed</c>: the kernel has no nfnetlink.</exception>
    public static NftSocket Take()
    {
        var here = NamespaceAt(OfThread);
        if (here == 0 || here != NamespaceAt(OfProcess))
        {
            return new(0);
        }

        while (Kept.TryPop(out var kept))
        {
            if (kept.home == here)
            {
                kept.socket.DropUnread();
                return kept;
            }

            kept.socket.Dispose(); // of a namespace that this process has left
        }

        return new(here);
    }

    /// <inheritdoc cref="NetlinkSocket.TrySend"/>
    public int TrySend(NetlinkMessages messages) => socket.TrySend(messages);

    /// <inheritdoc cref="NetlinkSocket.TryGet"/>
    public int TryGet(NetlinkMessages request, out byte[] content) => socket.TryGet(request, out content);

    /// <inheritdoc cref="NetlinkSocket.Dump"/>
    public IReadOnlyList<(ushort Type, byte[] Content)> Dump(NetlinkMessages request, string what) => socket.Dump(request, what);

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (home != 0 && Kept.Count < MostKept)
        {
            Kept.Push(this);
        }
        else
        {
            socket.Dispose();
        }
    }

    private static ulong NamespaceAt(string path) => Libc.TryStatus(path, out var status) ? status.Inode : 0;
}
