using Can.Engine.Archives;
using Can.Engine.Images.Importing;

namespace Can.Engine.Containers.Files;

/// <summary>Writes a container's root as a tar archive.</summary>
internal static class RootExport
{
    private const long ReportEvery = 1 << 20;

    /// <summary>Writes it.</summary>
    /// <param name="view">The root.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="output">Where to.</param>
    /// <param name="progress">Told the bytes of the files so far.</param>
    /// <param name="cancellation">Stops it between two blocks.</param>
    public static void Write(RootView view, string name, Stream output, IProgress<long>? progress, CancellationToken cancellation)
    {
        var block = new BlockPipe.Block();
        EntryWriter? entries = null;
        long reported = 0;
        var writer = new BlockWriter(() => block, Send);
        entries = new EntryWriter(writer, name) { Changing = view.IsLive, Sparse = true };
        var directory = RootPaths.TryOpen(view.Descriptor, [], Kernel.Libc.O_RDONLY | Kernel.Libc.O_DIRECTORY);
        using var root = Kernel.Libc.Own(directory, "Opening a container's root");
        _ = entries.TryWrite(directory, "."u8, "./"u8.ToArray(), FileReading.Status(directory));
        new TreeWriter(entries, name, cancellation).WriteContent(directory, []);
        entries.End();
        writer.Complete();
        progress?.Report(entries.Done);

        void Send(BlockPipe.Block full)
        {
            cancellation.ThrowIfCancellationRequested();
            output.Write(full.Data, 0, full.Length);
            if (progress is not null && entries!.Done - reported >= ReportEvery)
            {
                reported = entries.Done;
                progress.Report(reported);
            }
        }
    }
}
