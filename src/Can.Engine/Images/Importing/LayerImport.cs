using Can.Engine.Images.Tar;

namespace Can.Engine.Images.Importing;

/// <summary>Fills a layer from a source and computes its diff id, in one pass.</summary>
internal static class LayerImport
{
    /// <summary>Bytes between two reports of progress.</summary>
    private const long ReportEvery = 1 << 20;

    /// <returns>SHA-256 of the uncompressed archive as 64 hexadecimal digits, and bytes of the regular files.</returns>
    public static (string DiffId, long Size) Run(RootSource source, string root, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        long size = 0, reported = 0;
        var diffId = BlockPipe.Run(source, Unpack, cancellation);
        progress?.Report((source.Done, source.Total));
        return (diffId, size);

        void Unpack(TarInput input)
        {
            using var extractor = new LayerExtractor(new TarReader(input), root);
            extractor.Extract(BeforeEntry);
            size = extractor.Entries > 0 ? extractor.Size : throw ImageError.Corrupt("it holds no files");
        }

        void BeforeEntry()
        {
            cancellation.ThrowIfCancellationRequested();
            if (progress is not null && source.Done - reported >= ReportEvery)
            {
                reported = source.Done;
                progress.Report((reported, source.Total));
            }
        }
    }
}
