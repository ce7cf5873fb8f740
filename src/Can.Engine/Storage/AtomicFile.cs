using System.Globalization;
using System.Runtime.InteropServices;
using Can.Engine.Kernel;

namespace Can.Engine.Storage;

/// <summary>Files that are only ever seen whole: written under another name in the same directory and renamed into place.</summary>
internal static class AtomicFile
{
    private static long counter;

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">Where; an existing file is replaced. Its directory exists.</param>
    /// <param name="data">The content.</param>
    /// <param name="durable">It survives a loss of power once this returns: costs two waits for the disk (file and directory).</param>
    /// <param name="mode">Its mode, whatever the caller's umask is.</param>
    /// <exception cref="CanException"><c>DiskFull</c>, <c>AccessDenied</c>, <c>PathNotFound</c> and the like; nothing is left.</exception>
    public static void Write(string path, ReadOnlySpan<byte> data, bool durable, uint mode = Directories.PrivateFile)
    {
        var temporary = TemporaryBeside(path);
        var errno = WriteNew(temporary, data, durable);
        if (errno == 0 && mode != Directories.PrivateFile && Libc.chmod(temporary, mode) < 0)
        {
            errno = Marshal.GetLastPInvokeError();
        }

        if (errno == 0 && Libc.rename(temporary, path) < 0)
        {
            errno = Marshal.GetLastPInvokeError();
        }

        if (errno != 0)
        {
            Libc.unlink(temporary);
            throw StorageError.From(errno, "write", path);
        }

        if (durable)
        {
            Directories.Sync(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>Makes a file that was written without being <c>durable</c> so after all: its content first, then its name.</summary>
    public static void Sync(string path)
    {
        var descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (descriptor < 0)
        {
            throw StorageError.Last("open", path);
        }

        try
        {
            if (Libc.fsync(descriptor) < 0)
            {
                throw StorageError.Last("write", path);
            }
        }
        finally
        {
            _ = Libc.close(descriptor);
        }

        Directories.Sync(Path.GetDirectoryName(path)!);
    }

    /// <summary>The file's content; null if there is no such file.</summary>
    public static byte[]? TryRead(string path)
    {
        var descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? null : throw StorageError.Last("read", path);
        }

        try
        {
            return ReadAll(descriptor, path);
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    /// <summary>A name of this process's own in the directory of <paramref name="path"/>, hidden and never claimed by anyone else.</summary>
    public static string TemporaryBeside(string path) =>
        $"{Path.GetDirectoryName(path)}/.tmp-{Environment.ProcessId:x}-{Interlocked.Increment(ref counter):x}-{Random.Shared.Next():x8}";

    /// <summary>Removes what killed processes left half written in a directory.</summary>
    public static void RemoveStale(string directory)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(directory, ".tmp-*"))
        {
            var process = Path.GetFileName(path).Split('-')[1];
            if (!int.TryParse(process, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var id) || !Directory.Exists($"/proc/{id}"))
            {
                Tree.Remove(path);
            }
        }
    }

    private static unsafe int WriteNew(string path, ReadOnlySpan<byte> data, bool durable)
    {
        var descriptor = Libc.open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC, Directories.PrivateFile);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        try
        {
            fixed (byte* bytes = data)
            {
                for (var done = 0; done < data.Length;)
                {
                    var written = Libc.write(descriptor, bytes + done, (nuint)(data.Length - done));
                    if (written < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
                    {
                        return Marshal.GetLastPInvokeError();
                    }

                    done += (int)Math.Max(written, 0);
                }
            }

            return durable && Libc.fsync(descriptor) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    private static unsafe byte[] ReadAll(int descriptor, string path)
    {
        // Nearly every file of the store fits; the size is not asked for, which saves a call and is right for /proc too.
        var buffer = new byte[4096];
        for (var length = 0; ;)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 4);
            }

            fixed (byte* bytes = buffer)
            {
                var count = Libc.read(descriptor, bytes + length, (nuint)(buffer.Length - length));
                switch (count)
                {
                    case 0:
                        return buffer[..length];
                    case < 0 when Marshal.GetLastPInvokeError() != Errno.EINTR:
                        throw StorageError.Last("read", path);
                    default:
                        length += (int)Math.Max(count, 0);
                        break;
                }
            }
        }
    }
}
