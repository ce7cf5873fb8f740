using System.Runtime.InteropServices;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Locks;
using Can.Engine.Storage;
using Can.Engine.Storage.Content;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Registries.Transfer;

/// <summary>
/// What has come of a blob so far, <c>downloads/HEX</c>, held by one process at a time. It stays when its transfer is cut short, and
/// is gone on with by the next.
/// </summary>
/// <remarks>
/// The blob becomes a hard link of this file, so that what has arrived is kept, even by a kill, until the whole image is published.
/// Therefore the file only ever grows: what turns out bad is replaced by another file, never written over. The lock on it is one of an
/// open file description (fcntl(2)), for flock(2) is what .NET opens files with, those of blobs too.
/// </remarks>
internal sealed class DownloadFile : IDisposable
{
    private static readonly TimeSpan WaitForOthers = TimeSpan.FromMilliseconds(50);

    private DownloadFile(string path, SafeFileHandle handle)
    {
        Path = path;
        Handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Bytes it has.</summary>
    public long Length { get; private set; }

    private SafeFileHandle Handle { get; }

    /// <summary>Opens a blob's file, as soon as no other process has it.</summary>
    public static async Task<DownloadFile> OpenAsync(string directory, Digest digest, CancellationToken cancellation)
    {
        Directories.Ensure(directory);
        var path = $"{directory}/{digest.Hex}";
        while (true)
        {
            if (TryOpen(path) is { } file)
            {
                return file;
            }

            await Task.Delay(WaitForOthers, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a transfer of it is under way.</summary>
    public static bool IsHeld(string path) => RunLock.IsHeld(path);

    /// <summary>Removes a file that is there, unless a transfer of it is under way.</summary>
    public static void TryRemove(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var held = RunLock.TryTake(path);
        if (held is not null)
        {
            _ = Libc.unlink(path);
        }
    }

    /// <summary>Reads what it has from a position on.</summary>
    public int Read(Span<byte> buffer, long position) => RandomAccess.Read(Handle, buffer, position);

    /// <summary>Adds what has come.</summary>
    /// <exception cref="CanException"><c>DiskFull</c> and the like.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(Handle, bytes, Length);
        }
        catch (IOException exception)
        {
            throw StorageError.From(exception.HResult, "write", Path);
        }

        Length += bytes.Length;
    }

    /// <summary>Gives it a second name, below a staging on the same file system.</summary>
    public void LinkTo(string path)
    {
        if (Libc.link(Path, path) < 0)
        {
            throw StorageError.Last("write", path);
        }
    }

    /// <summary>Gives up what it has.</summary>
    public void Remove() => _ = Libc.unlink(Path);

    /// <summary>Lets others have it.</summary>
    public void Dispose() => Handle.Dispose();

    private static DownloadFile? TryOpen(string path)
    {
        var descriptor = Libc.open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC, Directories.PrivateFile);
        if (descriptor < 0)
        {
            throw StorageError.Last("open", path);
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var request = new Libc.FileLockRequest { l_type = Libc.F_WRLCK };
        var held = Libc.fcntl(handle, Libc.F_OFD_SETLK, ref request) == 0;
        var errno = Marshal.GetLastPInvokeError();

        // Whoever had it before may have removed it in between.
        if (held && Libc.TryStatus(path, out var named) && Libc.TryStatus(handle, out var opened) && (named.Device, named.Inode) == (opened.Device, opened.Inode))
        {
            return new DownloadFile(path, handle);
        }

        handle.Dispose();
        return held || errno is Errno.EAGAIN or Errno.EINTR ? null : throw StorageError.From(errno, "lock", path);
    }
}
