using Can.Engine.Images.Oci;
using Can.Engine.Images.Tar;
using Can.Engine.Storage.Content;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Images.Importing;

/// <summary>Stages a layer from a source: its archive as a blob and its files, and computes its digest, in one pass.</summary>
internal static class LayerImport
{
    /// <summary>Bytes between two reports of progress.</summary>
    private const long ReportEvery = 1 << 20;

    /// <returns>The blob: the uncompressed archive, so that its digest is the diff id.</returns>
    public static OciDescriptor Run(RootSource source, Staging staging, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        var layer = staging.NewLayer();
        var path = staging.NewBlobPath();
        LayerRecord? record = null;
        long reported = 0;
        Digest digest;
        long length;
        using (var blob = Create(path))
        {
            (digest, length) = BlockPipe.Run(source, blob, Unpack, cancellation);
        }

        progress?.Report((source.Done, source.Total));
        staging.AddBlob(path, digest);
        staging.AddLayer(layer, digest.Hex, record!);
        return new OciDescriptor { MediaType = MediaTypes.OciLayer, Digest = digest, Size = length };

        void Unpack(TarInput input)
        {
            using var extractor = new LayerExtractor(new TarReader(input), layer.Root);
            extractor.Extract(BeforeEntry);
            record = extractor.Entries > 0
                ? new LayerRecord { Size = extractor.Size, Entries = extractor.Entries }
                : throw ImageError.Corrupt("it holds no files");
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

    private static SafeFileHandle Create(string path) =>
        File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None);
}
