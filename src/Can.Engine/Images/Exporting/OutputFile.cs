using Can.Engine.Kernel;
using Can.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Exporting;

/// <summary>A new file that is for its owner only, as what docker save writes: an image may hold secrets.</summary>
internal sealed class OutputFile : IDisposable
{
    private OutputFile(string path, SafeFileHandle handle)
    {
        Path = path;
        Stream = new FileStream(handle, FileAccess.Write, bufferSize: 0);
    }

    public string Path { get; }

    public FileStream Stream { get; }

    /// <exception cref="CanException"><c>PathNotFound</c>, <c>AccessDenied</c> and the like</exception>
    public static OutputFile Create(string path)
    {
        var descriptor = Libc.open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC, Directories.PrivateFile);
        return descriptor >= 0 ? new OutputFile(path, new SafeFileHandle(descriptor, ownsHandle: true)) : throw StorageError.Last("create", path);
    }

    /// <summary>Waits until the content is on the disk.</summary>
    public void Complete()
    {
        if (Libc.fsync((int)Stream.SafeFileHandle.DangerousGetHandle()) < 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Errno.EINVAL)
        {
            throw StorageError.Last("write", Path);
        }
    }

    public void Dispose() => Stream.Dispose();
}
