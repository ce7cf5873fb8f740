using System.Net;
using System.Net.Http.Headers;

namespace Can.Engine.Images.Registries.Protocol;

/// <summary>A file as the body of a request, and how far it has been sent.</summary>
internal sealed class FileContent : HttpContent
{
    private const int BlockSize = 256 << 10;

    private readonly string path;
    private readonly BlobTransfer transfer;
    private readonly long length;

    public FileContent(string path, BlobTransfer transfer)
    {
        this.path = path;
        this.transfer = transfer;
        length = new FileInfo(path).Length;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var block = new byte[BlockSize];
        for (long position = 0; RandomAccess.Read(file, block, position) is > 0 and var count; position += count)
        {
            await stream.WriteAsync(block.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            transfer.Add(count);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = this.length;
        return true;
    }
}
