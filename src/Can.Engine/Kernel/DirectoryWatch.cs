using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel;

/// <summary>Tells that something in a directory has changed.</summary>
/// <remarks>inotify(7)</remarks>
internal sealed class DirectoryWatch : IDisposable
{
    private readonly byte[] events = new byte[4096];

    internal DirectoryWatch(string path)
    {
        Handle = Libc.Own(Libc.inotify_init1(Libc.O_CLOEXEC | Libc.O_NONBLOCK), "Making a directory watch");
        if (Libc.inotify_add_watch(Handle, path, Libc.IN_MODIFY | Libc.IN_CREATE | Libc.IN_MOVED_TO) < 0)
        {
            var error = Libc.Error("Watching a directory", path);
            Handle.Dispose();
            throw error;
        }
    }

    /// <summary>Readable after a change.</summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>Forgets the changes that have been announced.</summary>
    internal void Drain()
    {
        while (Libc.Read(Handle, events) > 0)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
