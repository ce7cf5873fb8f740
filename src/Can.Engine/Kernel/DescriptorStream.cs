using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel;

/// <summary>
/// A descriptor of this process as a stream: read(2) and write(2), no position and no buffer. Unlike a file stream it appends where
/// others append, and unlike the console's own it says when nobody reads any more.
/// </summary>
/// <param name="descriptor">The number, such as 1 for standard output; it stays open.</param>
public sealed class DescriptorStream(int descriptor) : Stream
{
    private readonly SafeFileHandle handle = new(descriptor, ownsHandle: false);

    /// <summary>Standard output.</summary>
    public static DescriptorStream StandardOutput() => new(1);

    /// <summary>Standard error.</summary>
    public static DescriptorStream StandardError() => new(2);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            try
            {
                return Libc.Read(handle, buffer);
            }
            catch (CanException) when (Marshal.GetLastPInvokeError() == Errno.EAGAIN)
            {
                Wait(Libc.POLLIN);
            }
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="IOException">Nobody reads any more (<c>EPIPE</c>), or the disk is full.</exception>
    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            nint count;
            fixed (byte* start = buffer)
            {
                count = Libc.write(handle, start, buffer.Length);
            }

            switch (count < 0 ? Marshal.GetLastPInvokeError() : 0)
            {
                case 0:
                    buffer = buffer[(int)count..];
                    break;
                case Errno.EINTR:
                    break;
                case Errno.EAGAIN:
                    Wait(Libc.POLLOUT);
                    break;
                case var errno:
                    throw new IOException($"Descriptor {descriptor} cannot be written to: {Marshal.GetPInvokeErrorMessage(errno)}.", errno);
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    // Somebody has made the descriptor non-blocking, which holds for everybody who shares it.
    private void Wait(short events)
    {
        using var poller = new Poller(CancellationToken.None);
        Span<Libc.PollEntry> one = [Poller.Entry(handle, events)];
        poller.Wait(one);
    }
}
