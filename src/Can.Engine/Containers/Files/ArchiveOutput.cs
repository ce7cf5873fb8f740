using Can.Engine.Archives;
using Can.Engine.Images.Importing;

namespace Can.Engine.Containers.Files;

/// <summary>Writes a tar archive of a container's files to a stream, and says how far it is.</summary>
internal static class ArchiveOutput
{
    private const long ReportEvery = 1 << 20;

    /// <summary>Writes it.</summary>
    /// <param name="output">Gets the archive.</param>
    /// <param name="open">Makes the writer of entries.</param>
    /// <param name="write">Writes the entries; the archive's end is written afterwards.</param>
    /// <param name="progress">Told the bytes of the files so far.</param>
    /// <param name="cancellation">Stops it between two blocks.</param>
    public static void Write(
        Stream output, Func<BlockWriter, EntryWriter> open, Action<EntryWriter> write, IProgress<long>? progress, CancellationToken cancellation)
    {
        var block = new BlockPipe.Block();
        EntryWriter? entries = null;
        long reported = 0;
        var writer = new BlockWriter(() => block, Send);
        entries = open(writer);
        write(entries);
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
