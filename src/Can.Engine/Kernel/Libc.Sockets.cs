using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel;

/// <summary>Local sockets.</summary>
internal static partial class Libc
{
    internal const int AF_UNIX = 1;
    internal const int SOCK_SEQPACKET = 5;
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
}
