using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Netlink;

/// <summary>A netlink socket in the network namespace of the thread that makes it. Not for several threads at once.</summary>
/// <remarks>The kernel handles a request within send(2), so that every answer is there when it returns and nothing needs waiting for.</remarks>
internal sealed class NetlinkSocket : IDisposable
{
    private const int HeaderLength = 16; // struct nlmsghdr
    private const ushort NLMSG_ERROR = 2;
    private const ushort NLMSG_DONE = 3;
    private const ushort NLM_F_ACK = 4;
    private const ushort NLM_F_DUMP_INTR = 0x10;
    private const ushort NLM_F_CAPPED = 0x100;
    private const ushort NLM_F_ACK_TLVS = 0x200;
    private const ushort NLMSGERR_ATTR_MSG = 1;
    private const int ReceiveLength = 1 << 16; // what the kernel fills at most in one datagram of a dump is 32 KiB

    private readonly SafeFileHandle socket;
    private readonly byte[] received = new byte[ReceiveLength];

    /// <summary>Opens a socket.</summary>
    /// <exception cref="CanException"><c>NetlinkFailed</c>: the kernel does not offer this protocol.</exception>
    public NetlinkSocket(NetlinkProtocol protocol)
    {
        var number = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, (int)protocol);
        socket = number >= 0 ? new(number, true) : throw Failure($"Opening a netlink socket ({protocol})", Marshal.GetLastPInvokeError(), null);
        Libc.SetOption(socket, Libc.SOL_NETLINK, Libc.NETLINK_CAP_ACK, 1);
        Libc.SetOption(socket, Libc.SOL_NETLINK, Libc.NETLINK_EXT_ACK, 1);
        Libc.SetOption(socket, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, 1 << 22);
    }

    /// <summary>What the kernel said about the latest error, if it said more than a number.</summary>
    public string? Words { get; private set; }

    /// <summary>Sends messages at once and reads their acknowledgements.</summary>
    /// <exception cref="CanException"><c>NetlinkFailed</c>: the kernel refused one.</exception>
    public void Send(NetlinkMessages messages, string what)
    {
        if (TrySend(messages) is var errno and not 0)
        {
            throw Failure(what, errno, Words);
        }
    }

    /// <summary>Sends messages at once and reads their acknowledgements.</summary>
    /// <returns>0, or the errno of the first that failed. (Of rtnetlink the later ones are carried out all the same.)</returns>
    public int TrySend(NetlinkMessages messages)
    {
        if (messages.Slots.Length > 0)
        {
            throw new ArgumentException("The messages have slots that only the helper fills in.", nameof(messages));
        }

        Write(messages.Bytes);
        Words = null;
        int first = 0;
        for (var expected = CountAcknowledged(messages.Bytes); ;)
        {
            var length = Receive();
            if (length < 0)
            {
                // A batch that fails may be answered by its error alone.
                return first != 0 || expected <= 0 ? first : throw Failure("Waiting for an acknowledgement", Errno.EIO, null);
            }

            foreach (var (type, flags, content) in Split(received.AsMemory(0, length)))
            {
                if (type != NLMSG_ERROR)
                {
                    continue;
                }

                expected--;
                var errno = -BinaryPrimitives.ReadInt32LittleEndian(content.Span);
                if (errno != 0 && first == 0)
                {
                    first = errno;
                    Words = WordsOf(flags, content.Span);
                }
            }
        }
    }

    /// <summary>Sends a request for a list (NLM_F_DUMP) and reads it whole.</summary>
    /// <returns>Type and content, without its header, of each message.</returns>
    /// <exception cref="CanException"><c>NetlinkFailed</c>: the kernel refused.</exception>
    public IReadOnlyList<(ushort Type, byte[] Content)> Dump(NetlinkMessages request, string what)
    {
        const int Attempts = 8;
        for (var attempt = 1; ; attempt++)
        {
            var (list, interrupted, errno) = DumpOnce(request);
            if (errno == 0 && (!interrupted || attempt == Attempts))
            {
                return list;
            }

            if (errno != 0 && (errno != Errno.EINTR || attempt == Attempts))
            {
                throw Failure(what, errno, Words);
            }
        }
    }

    /// <summary>Sends a request for one object.</summary>
    /// <returns>0 and its content, or an errno.</returns>
    public int TryGet(NetlinkMessages request, out byte[] content)
    {
        Write(request.Bytes);
        content = [];
        Words = null;
        var result = Errno.ENOENT;
        for (int length; (length = Receive()) >= 0;)
        {
            foreach (var (type, flags, message) in Split(received.AsMemory(0, length)))
            {
                if (type != NLMSG_ERROR)
                {
                    content = message.ToArray();
                    result = 0;
                }
                else if (BinaryPrimitives.ReadInt32LittleEndian(message.Span) is var error and < 0)
                {
                    Words = WordsOf(flags, message.Span);
                    result = -error;
                }
            }
        }

        return result;
    }

    /// <summary>Reads away what an earlier request may have left.</summary>
    public void DropUnread()
    {
        while (Receive() >= 0)
        {
            // Nobody asked for it.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    /// <summary>An error that names what was tried, with the kernel's own words.</summary>
    internal static CanException Failure(string what, int errno, string? words) => new("NetlinkFailed", CanErrorCategory.OperatingSystem,
        $"{what}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}{(words is null ? "" : $": {words}")}).");

    private (List<(ushort, byte[])> List, bool Interrupted, int Errno) DumpOnce(NetlinkMessages request)
    {
        var list = new List<(ushort, byte[])>();
        var interrupted = false;
        Write(request.Bytes);
        Words = null;
        for (int length; (length = Receive()) >= 0;)
        {
            foreach (var (type, flags, content) in Split(received.AsMemory(0, length)))
            {
                interrupted |= (flags & NLM_F_DUMP_INTR) != 0;
                switch (type)
                {
                    case NLMSG_DONE:
                        return (list, interrupted, content.Length >= 4 ? -BinaryPrimitives.ReadInt32LittleEndian(content.Span) : 0);
                    case NLMSG_ERROR:
                        Words = WordsOf(flags, content.Span);
                        return (list, interrupted, -BinaryPrimitives.ReadInt32LittleEndian(content.Span));
                    default:
                        list.Add((type, content.ToArray()));
                        break;
                }
            }
        }

        return (list, interrupted, Errno.EIO);
    }

    private static int CountAcknowledged(byte[] messages)
    {
        var count = 0;
        foreach (var (_, flags, _) in Split(messages))
        {
            count += (flags & NLM_F_ACK) != 0 ? 1 : 0;
        }

        return count;
    }

    // The kernel's own words: NLMSGERR_ATTR_MSG behind the error and the header of the message that failed.
    private static string? WordsOf(ushort flags, ReadOnlySpan<byte> content)
    {
        const int Capped = sizeof(int) + HeaderLength;
        return (flags & NLM_F_ACK_TLVS) != 0 && (flags & NLM_F_CAPPED) != 0 && content.Length > Capped
            && NetlinkAttributes.Find(content[Capped..], NLMSGERR_ATTR_MSG) is { Length: > 1 } text
            ? Encoding.UTF8.GetString(text[..^1])
            : null;
    }

    private static IEnumerable<(ushort Type, ushort Flags, ReadOnlyMemory<byte> Content)> Split(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length >= HeaderLength)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
            if (length < HeaderLength || length > bytes.Length)
            {
                yield break;
            }

            yield return (BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span[4..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span[6..]),
                bytes[HeaderLength..length]);
            bytes = bytes[Math.Min((length + 3) & ~3, bytes.Length)..];
        }
    }

    private unsafe void Write(byte[] messages)
    {
        if (messages.Length > 1 << 17) // what any kernel's default takes
        {
            Libc.SetOption(socket, Libc.SOL_SOCKET, Libc.SO_SNDBUFFORCE, messages.Length);
        }

        fixed (byte* start = messages)
        {
            while (Libc.send(socket, start, messages.Length, 0) < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.EINTR)
                {
                    throw Failure("Sending netlink messages", errno, null);
                }
            }
        }
    }

    // -1: nothing more is there.
    private unsafe int Receive()
    {
        fixed (byte* start = received)
        {
            while (true)
            {
                var length = Libc.recv(socket, start, received.Length, Libc.MSG_DONTWAIT);
                if (length >= 0)
                {
                    return (int)length;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.EINTR: continue;
                    case Errno.EAGAIN: return -1;
                    case var errno: throw Failure("Receiving netlink messages", errno, null);
                }
            }
        }
    }
}
