using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Netlink;

/// <summary>
/// Looks an interface up in the network namespace of the calling thread without the lock of rtnetlink, for which every message waits
/// while the kernel makes or removes other interfaces.
/// </summary>
/// <remarks>netdevice(7)</remarks>
internal static partial class LinkLookup
{
    private const int LongestName = 15; // IFNAMSIZ without its NUL
    private const nuint SIOCGIFFLAGS = 0x8913;
    private const nuint SIOCGIFINDEX = 0x8933;
    private const short IFF_UP = 1;

    /// <summary>The index of an interface that is up; null when there is none of that name, or it is down.</summary>
    public static int? IndexOfUp(string name)
    {
        var request = new InterfaceRequest();
        if (Encoding.UTF8.GetByteCount(name) > LongestName)
        {
            return null;
        }

        _ = Encoding.UTF8.GetBytes(name, request.Name);
        var number = Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        using var socket = number >= 0 ? new SafeFileHandle(number, true) : throw Libc.Error("Opening a socket");
        if (ioctl(socket, SIOCGIFFLAGS, ref request) < 0 || (request.Flags & IFF_UP) == 0)
        {
            return null;
        }

        return ioctl(socket, SIOCGIFINDEX, ref request) < 0 ? null : request.Index;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle socket, nuint request, ref InterfaceRequest content);

    /// <summary>struct ifreq</summary>
    [StructLayout(LayoutKind.Explicit, Size = 40)]
    private struct InterfaceRequest
    {
        [FieldOffset(0)]
        private NameBytes name;

        [FieldOffset(16)]
        public short Flags;

        [FieldOffset(16)]
        public int Index;

        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public Span<byte> Name => name;

        [InlineArray(LongestName + 1)]
        private struct NameBytes
        {
            private byte first;
        }
    }
}
