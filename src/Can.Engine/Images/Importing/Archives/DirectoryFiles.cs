using Can.Engine.Kernel;
using Can.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>An OCI image layout in a directory.</summary>
internal sealed class DirectoryFiles(string path) : StoredFiles
{
    /// <summary>Whether a directory is an image layout.</summary>
    public static bool IsLayout(string path) => File.Exists($"{path}/{ArchiveName.Layout}") && File.Exists($"{path}/{ArchiveName.Index}");

    public override bool Has(string name) => Libc.TryStatus($"{path}/{name}", out var status) && (status.Mode & Libc.S_IFMT) == Libc.S_IFREG;

    public override long SizeOf(string name) => Libc.TryStatus($"{path}/{name}", out var status) ? status.Size : 0;

    public override void Dispose()
    {
    }

    private protected override Stream Open(string name)
    {
        // Not blocking, should it have become a pipe since.
        var descriptor = Libc.open($"{path}/{name}", Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        return descriptor >= 0
            ? new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read, bufferSize: 0)
            : throw StorageError.Last("read", $"{path}/{name}");
    }
}
