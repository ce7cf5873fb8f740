using Can.Engine.Archives;

namespace Can.Engine.Containers.Files;

/// <summary>Writes a container's root as a tar archive.</summary>
internal static class RootExport
{
    /// <summary>Writes it.</summary>
    /// <param name="view">The root.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="output">Where to.</param>
    /// <param name="progress">Told the bytes of the files so far.</param>
    /// <param name="cancellation">Stops it between two blocks.</param>
    public static void Write(RootView view, string name, Stream output, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArchiveOutput.Write(output, writer => new EntryWriter(writer, name) { Changing = view.IsLive, Sparse = true }, WriteRoot, progress, cancellation);

        void WriteRoot(EntryWriter entries)
        {
            var directory = RootPaths.TryOpen(view.Descriptor, [], Kernel.Libc.O_RDONLY | Kernel.Libc.O_DIRECTORY);
            using var root = Kernel.Libc.Own(directory, "Opening a container's root");
            _ = entries.TryWrite(directory, "."u8, "./"u8.ToArray(), FileReading.Status(directory));
            new TreeWriter(entries, name, cancellation).WriteContent(directory, []);
        }
    }
}
