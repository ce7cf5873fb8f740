using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel;

/// <summary>Sockets.</summary>
internal static partial class Libc
{
    internal const int AF_UNIX = 1;
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int AF_NETLINK = 16;
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_SEQPACKET = 5;
    internal const int SOL_SOCKET = 1;
    internal const int SO_REUSEADDR = 2;
    internal const int SO_ATTACH_FILTER = 26;
    internal const int SO_SNDBUFFORCE = 32;
    internal const int SO_RCVBUFFORCE = 33;
    internal const int SCM_RIGHTS = 1;
    internal const int IPPROTO_IPV6 = 41;
    internal const int IPV6_V6ONLY = 26;
    internal const int SOL_NETLINK = 270;
    internal const int NETLINK_CAP_ACK = 10;
    internal const int NETLINK_EXT_ACK = 11;
    internal const int SOCK_CLOEXEC = 0x80000;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const int MSG_DONTWAIT = 0x40;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial int socketpair(int domain, int type, int protocol, int* pair);

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial int connect(SafeFileHandle socket, byte* address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial nint send(SafeFileHandle socket, byte* buffer, nint length, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial nint recv(SafeFileHandle socket, byte* buffer, nint length, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial nint sendmsg(SafeFileHandle socket, MessageHeader* message, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial int bind(SafeFileHandle socket, byte* address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial int getsockname(SafeFileHandle socket, byte* address, uint* length);

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial int getsockopt(SafeFileHandle socket, int level, int option, void* value, uint* length);

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial int setsockopt(SafeFileHandle socket, int level, int option, void* value, uint length);

    /// <summary>struct iovec</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct BufferVector
    {
        internal byte* Start;
        internal nuint Length;
    }

    /// <summary>struct msghdr, as the kernel has it on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct MessageHeader
    {
        internal byte* Name;
        internal uint NameLength;
        internal BufferVector* Buffers;
        internal nuint BufferCount;
        internal byte* Control;
        internal nuint ControlLength;
        internal int Flags;
    }

    /// <summary>struct cmsghdr, as the kernel has it on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ControlMessageHeader
    {
        internal nuint Length;
        internal int Level;
        internal int Type;
    }

    /// <summary>Sets an option that is a number. A kernel that lacks it goes without: none of those used here is needed for correctness.</summary>
    internal static unsafe void SetOption(SafeFileHandle socket, int level, int option, int value) =>
        _ = setsockopt(socket, level, option, &value, sizeof(int));
}
