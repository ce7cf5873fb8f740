using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel;

/// <summary>
/// What the engine uses of libc, under libc's own names so that a package of declarations could take its place. This file holds
/// descriptors, polling, locks and pipes; its siblings hold the other areas.
/// </summary>
internal static partial class Libc
{
    private const string Name = Library;

    internal const short POLLIN = 1;
    internal const short POLLOUT = 4;
    internal const short POLLERR = 8;
    internal const short POLLHUP = 16;

    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int F_ADD_SEALS = 1033;
    internal const int F_OFD_GETLK = 36;
    internal const int F_OFD_SETLK = 37;
    internal const int F_SEAL_ALL = 0xF;
    internal const short F_WRLCK = 1;
    internal const short F_UNLCK = 2;

    internal const uint MFD_CLOEXEC = 1;
    internal const uint MFD_ALLOW_SEALING = 2;
    internal const int EFD_CLOEXEC = 0x80000;
    internal const int EFD_NONBLOCK = 0x800;

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int fd;
        internal short events;
        internal short revents;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct FileLockRequest
    {
        internal short l_type;
        internal short l_whence;
        internal long l_start;
        internal long l_len;
        internal int l_pid;
    }

    [LibraryImport(Name, SetLastError = true)]
    internal static partial uint geteuid();

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial nint read(SafeFileHandle fd, byte* buffer, nint count);

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial nint write(SafeFileHandle fd, byte* buffer, nint count);

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial int pipe2(int* descriptors, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static unsafe partial int poll(PollEntry* descriptors, nuint count, int milliseconds);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int eventfd(uint initial, int flags);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int memfd_create(string name, uint flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fcntl(SafeFileHandle fd, int command, int argument);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fcntl(SafeFileHandle fd, int command, ref FileLockRequest argument);

    [LibraryImport(Name, SetLastError = true)]
    private static partial long lseek(SafeFileHandle fd, long offset, int whence);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int flock(SafeFileHandle fd, int operation);

    /// <summary>A descriptor that closes itself; throws when <paramref name="result"/> says that the call failed.</summary>
    internal static SafeFileHandle Own(int result, string what) =>
        result >= 0 ? new SafeFileHandle(result, ownsHandle: true) : throw Error(what);

    /// <summary>The last system call's failure as an error that names what was tried.</summary>
    internal static CanException Error(string what, object? target = null)
    {
        var errno = Marshal.GetLastPInvokeError();
        return new("SystemCallFailed", CanErrorCategory.OperatingSystem, $"{what}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).", target);
    }

    /// <summary>Both ends of a close-on-exec pipe.</summary>
    internal static unsafe (SafeFileHandle Read, SafeFileHandle Write) Pipe()
    {
        var ends = stackalloc int[2];
        if (pipe2(ends, O_CLOEXEC) != 0)
        {
            throw Error("Making a pipe");
        }

        return (new(ends[0], true), new(ends[1], true));
    }

    /// <summary>The next read or write begins at the file's start.</summary>
    internal static void Rewind(SafeFileHandle descriptor)
    {
        if (lseek(descriptor, 0, 0) != 0)
        {
            throw Error("Rewinding a file");
        }
    }

    /// <summary>Writes everything; a signal in between is no error.</summary>
    internal static unsafe void WriteAll(SafeFileHandle descriptor, ReadOnlySpan<byte> data, string what)
    {
        fixed (byte* start = data)
        {
            for (nint done = 0; done < data.Length;)
            {
                var count = write(descriptor, start + done, data.Length - done);
                if (count < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    throw Error(what);
                }

                done += Math.Max(count, 0);
            }
        }
    }

    /// <summary>One read(2); 0 at the end, -1 when nothing is there yet.</summary>
    internal static unsafe int Read(SafeFileHandle descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = read(descriptor, start, buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.EINTR: continue;
                    case Errno.EAGAIN: return -1;
                    default: throw Error("Reading from a descriptor");
                }
            }
        }
    }
}
