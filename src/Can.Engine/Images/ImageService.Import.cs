using Can.Engine.Images.Importing;
using Can.Engine.Kernel;

namespace Can.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>What a container of a bare root gets.</summary>
    private static readonly ImageConfiguration BareRoot = new()
    {
        Command = ["/bin/sh"],
        Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    };

    /// <summary>
    /// Imports a root tar (plain, gzip or zstd, found out by looking) or a directory as an image of one layer. The same files with
    /// the same configuration are the same image, which then has one reference more.
    /// </summary>
    /// <param name="path">The tar file or directory.</param>
    /// <param name="reference">Name for it, such as <c>busybox:latest</c>; taken over from an image that has it. Null for none.</param>
    /// <param name="configuration">Defaults for containers; null for a shell without an entrypoint.</param>
    /// <param name="progress">Told, on the calling thread, the number of bytes read so far and their total (0 if unknown); may be null.</param>
    /// <param name="cancellation">Stops the import and leaves nothing.</param>
    /// <exception cref="CanException"><c>ReferenceInvalid</c>, <c>PathNotFound</c>, <c>ImageFormatUnknown</c>, <c>ImageCorrupt</c>,
    /// <c>ImageUnsafePath</c>, <c>LibraryMissing</c>, <c>DiskFull</c>; nothing is left of the import.</exception>
    public Image Import(string path, string? reference, ImageConfiguration? configuration, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        Privileges.RequireRoot();
        var name = reference is null ? null : ImageReference.Parse(reference).ToString();
        using var source = RootSource.Open(path, Root.State);
        using var staging = BeginLayer(cancellation);
        var (diffId, size) = Unpack(path, source, staging.Root, progress, cancellation);
        var bytes = OciConfiguration.Write(configuration ?? BareRoot, [diffId], "Import-CanImage");
        var record = new ImageRecord
        {
            Id = OciConfiguration.IdOf(bytes),
            CreatedAt = DateTimeOffset.UtcNow,
            Size = size,
            Layers = [diffId],
            Configuration = configuration ?? BareRoot,
        };
        ImageStore.Stage(staging.Image, record, bytes);
        staging.Sync();
        Publish(staging, record, name, cancellation);
        return Get(record.Id);
    }

    private static (string DiffId, long Size) Unpack(
        string path, RootSource source, string root, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation)
    {
        try
        {
            return LayerImport.Run(source, root, progress, cancellation);
        }
        catch (CanException error) when (error.Category == CanErrorCategory.InvalidData)
        {
            throw ImageError.In(path, error);
        }
    }

    private LayerStaging BeginLayer(CancellationToken cancellation)
    {
        IReadOnlyList<string> garbage;
        using (store.Lock(cancellation))
        {
            garbage = CollectGarbage();
        }

        RemoveAll(garbage);

        // Under the lock, lest a sweep find the directory before its own lock is taken.
        using (store.Lock(cancellation))
        {
            return layers.Begin();
        }
    }

    private void Publish(LayerStaging staging, ImageRecord record, string? name, CancellationToken cancellation)
    {
        IReadOnlyList<string> garbage = [];
        using (store.Lock(cancellation))
        {
            try
            {
                layers.Publish(staging, record.Layers[0]);
                store.Publish(staging.Image, record.Id);
                if (name is not null)
                {
                    store.Names.Assign(name, record.Id);
                }
            }
            catch
            {
                garbage = CollectGarbage();
                throw;
            }
            finally
            {
                RemoveAll(garbage);
            }
        }
    }
}
