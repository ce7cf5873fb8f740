using Can.Engine.Images.Importing;
using Can.Engine.Images.Oci;
using Can.Engine.Images.Registries.Protocol;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Registries.Transfer;

/// <summary>Brings layers of one repository into a staging, each in one pass from the network to its files.</summary>
internal sealed class LayerReceiver(ImageService images, RegistryClient client, string repository, Staging staging, long? maximumSize)
{
    /// <summary>Where what has come is kept until its image is whole.</summary>
    private string Downloads => $"{images.Root.State}/downloads";

    /// <summary>Brings a layer, unless it is there.</summary>
    /// <param name="layer">Its blob.</param>
    /// <param name="diffId">What the blob has to unpack to.</param>
    /// <param name="transfer">Is told how far it is.</param>
    /// <param name="cancellation">Stops it; what has come is kept.</param>
    /// <returns>The file with what was downloaded, which is to be removed once the image is published; null if the store had the layer.</returns>
    public async Task<string?> ReceiveAsync(OciDescriptor layer, Digest diffId, BlobTransfer transfer, CancellationToken cancellation)
    {
        var expected = new LayerExpectation { Digest = layer.Digest, Size = layer.Size, DiffId = diffId.Hex };
        var ingest = images.BeginIngest(staging, maximumSize, cancellation);
        while (true)
        {
            if (ingest.TryReuse(expected) is not null)
            {
                // It may have come by another way since an attempt that was cut short.
                DownloadFile.TryRemove($"{Downloads}/{layer.Digest.Hex}");
                transfer.State = BlobTransferState.Present;
                return null;
            }

            using var file = await DownloadFile.OpenAsync(Downloads, layer.Digest, cancellation).ConfigureAwait(false);

            // Whoever had the file may have brought the layer meanwhile.
            if (ingest.TryReuse(expected) is not null)
            {
                file.Remove();
                transfer.State = BlobTransferState.Present;
                return null;
            }

            if (await TryTakeAsync(ingest, file, layer, expected, transfer, cancellation).ConfigureAwait(false))
            {
                transfer.State = BlobTransferState.Done;
                return file.Path;
            }
        }
    }

    /// <returns>False if what was kept from an earlier attempt is no good, after a loss of power for example: begin anew without it.</returns>
    private async Task<bool> TryTakeAsync(
        LayerIngest ingest, DownloadFile file, OciDescriptor layer, LayerExpectation expected, BlobTransfer transfer, CancellationToken cancellation)
    {
        var kept = file.Length > 0;
        transfer.State = BlobTransferState.Transferring;
        try
        {
            var blob = staging.NewBlobPath();
            file.LinkTo(blob);
            using var stream = new DownloadStream(client, repository, layer, file, transfer, cancellation);

            // Works on threads of its own and waits for them here, so this must not be one of the pool's.
            await Task.Factory.StartNew(
                () => ingest.Take(stream, expected with { KeptIn = blob }), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            return true;
        }
        catch (CanException exception) when (IsBad(exception))
        {
            file.Remove();
            if (!kept || exception.ErrorId is not ("DigestMismatch" or "SizeMismatch"))
            {
                throw;
            }

            transfer.Restart();
            return false;
        }
    }

    /// <summary>Whether the bytes that came are at fault, so that there is no use in keeping them.</summary>
    private static bool IsBad(CanException exception) =>
        exception.ErrorId is "DigestMismatch" or "SizeMismatch" or "DiffIdMismatch" or "ImageCorrupt" or "ImageUnsafePath" or "ImageFormatUnknown";
}
