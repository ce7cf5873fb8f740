using Can.Engine.Images.Importing;
using Can.Engine.Images.Oci;
using Can.Engine.Images.Registries.Protocol;

namespace Can.Engine.Images.Registries.Transfer;

/// <summary>
/// The bytes of a registry's blob: first those that were kept from an earlier attempt, then those that come from the network, which
/// are kept as they pass. A connection that breaks is made anew, and gone on with where it broke.
/// </summary>
internal sealed class DownloadStream(
    RegistryClient client, string repository, OciDescriptor blob, DownloadFile file, BlobTransfer transfer, CancellationToken cancellation) : ForwardStream
{
    private const int BlockSize = 256 << 10;

    /// <summary>A connection on which nothing has come for this long is taken for broken.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly byte[] block = new byte[BlockSize];
    private HttpResponseMessage? response;
    private Stream? body;
    private int start;
    private int end;
    private long position;
    private int failed;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (start == end && !Fill())
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, end - start);
        block.AsSpan(start, count).CopyTo(buffer);
        start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        Disconnect();
        base.Dispose(disposing);
    }

    /// <summary>Gets the next block; false at the end.</summary>
    private bool Fill()
    {
        cancellation.ThrowIfCancellationRequested();
        if (position == blob.Size)
        {
            return false;
        }

        (start, end) = (0, position < file.Length ? file.Read(block, position) : Receive());
        position += end;
        transfer.Add(end);
        return true;
    }

    private int Receive()
    {
        while (true)
        {
            try
            {
                body ??= ConnectAsync().GetAwaiter().GetResult();
                var count = ReceiveAsync(block).GetAwaiter().GetResult();
                file.Append(block.AsSpan(0, count));
                failed = 0;
                return count;
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException or TimeoutException)
            {
                Disconnect();
                var pause = client.Retry.Pause(++failed) ?? throw RegistryError.BlobTruncated(client.Host, blob.Digest, position, blob.Size, exception);
                cancellation.WaitHandle.WaitOne(pause);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task<Stream> ConnectAsync()
    {
        (response, var from) = await client.OpenBlobAsync(repository, blob, position, cancellation).ConfigureAwait(false);
        if (response.Content.Headers.ContentLength > blob.Size - from)
        {
            throw RegistryError.SizeMismatch(client.Host, blob, from + response.Content.Headers.ContentLength.Value);
        }

        body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);

        // A registry that knows no ranges begins at the beginning.
        while (from < position)
        {
            from += await ReceiveAsync(block.AsMemory(0, (int)Math.Min(block.Length, position - from))).ConfigureAwait(false);
        }

        return body;
    }

    private async Task<int> ReceiveAsync(Memory<byte> buffer)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return await body!.ReadAsync(buffer, limit.Token).ConfigureAwait(false) is > 0 and var count
                ? count
                : throw new IOException("The connection was closed before the end.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing came for {Patience.TotalSeconds:0} seconds.");
        }
    }

    private void Disconnect()
    {
        body?.Dispose();
        response?.Dispose();
        (body, response) = (null, null);
    }
}
