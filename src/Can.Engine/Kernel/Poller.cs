using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel;

/// <summary>
/// Waits on the calling thread until one of a few descriptors is ready, the time is over or the call is cancelled. Cancellation
/// arrives through an event descriptor, so a wait neither spins nor needs another thread.
/// </summary>
internal sealed class Poller : IDisposable
{
    private readonly CancellationToken cancellation;
    private readonly CancellationTokenRegistration registration;
    private readonly SafeFileHandle? wakeUp;

    internal Poller(CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        if (cancellation.CanBeCanceled)
        {
            wakeUp = Libc.Own(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "Making an event descriptor");
            registration = cancellation.UnsafeRegister(static state => Wake((SafeFileHandle)state!), wakeUp);
        }
    }

    /// <summary>Waits.</summary>
    /// <param name="descriptors">What to wait for; a negative descriptor is left out. <c>revents</c> says what came.</param>
    /// <param name="timeout">How long; null for ever.</param>
    /// <returns>False when the time is over and nothing came.</returns>
    /// <exception cref="OperationCanceledException">The call is cancelled.</exception>
    internal unsafe bool Wait(Span<Libc.PollEntry> descriptors, TimeSpan? timeout = null)
    {
        Span<Libc.PollEntry> all = stackalloc Libc.PollEntry[0];
        all = descriptors.Length < 64 ? stackalloc Libc.PollEntry[descriptors.Length + 1] : new Libc.PollEntry[descriptors.Length + 1];
        descriptors.CopyTo(all);
        all[^1] = new() { fd = wakeUp is null ? -1 : (int)wakeUp.DangerousGetHandle(), events = Libc.POLLIN };
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            int ready;
            fixed (Libc.PollEntry* first = all)
            {
                ready = Libc.poll(first, (nuint)all.Length, Remaining(started, timeout));
            }

            if (ready < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                throw Libc.Error("Waiting for a descriptor");
            }

            cancellation.ThrowIfCancellationRequested();
            if (ready > 0)
            {
                all[..^1].CopyTo(descriptors);
                return true;
            }

            if (timeout is { } limit && Stopwatch.GetElapsedTime(started) >= limit)
            {
                return false;
            }
        }
    }

    /// <summary>Waits for one descriptor to become readable (or to be closed at its other end).</summary>
    internal bool WaitReadable(SafeFileHandle descriptor, TimeSpan? timeout = null)
    {
        Span<Libc.PollEntry> one = [Entry(descriptor, Libc.POLLIN)];
        return Wait(one, timeout);
    }

    /// <summary>An entry for <see cref="Wait"/>.</summary>
    internal static Libc.PollEntry Entry(SafeFileHandle? descriptor, short events) =>
        new() { fd = descriptor is null ? -1 : (int)descriptor.DangerousGetHandle(), events = events };

    /// <inheritdoc/>
    public void Dispose()
    {
        registration.Dispose();
        wakeUp?.Dispose();
    }

    private static int Remaining(long started, TimeSpan? timeout)
    {
        if (timeout is not { } limit)
        {
            return -1;
        }

        var left = (limit - Stopwatch.GetElapsedTime(started)).TotalMilliseconds;
        return left <= 0 ? 0 : (int)Math.Min(Math.Ceiling(left), int.MaxValue);
    }

    private static unsafe void Wake(SafeFileHandle descriptor)
    {
        ulong one = 1;
        _ = Libc.write(descriptor, (byte*)&one, sizeof(ulong));
    }
}
