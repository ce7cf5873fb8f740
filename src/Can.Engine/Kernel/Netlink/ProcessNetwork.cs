using Can.Engine.Kernel.Mounts;
using Can.Engine.Kernel.Processes;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Netlink;

/// <summary>The network namespace of a process.</summary>
internal sealed class ProcessNetwork : IDisposable
{
    private const int CLONE_NEWNET = 0x40000000;

    private readonly SafeFileHandle handle;

    private ProcessNetwork(SafeFileHandle handle) => this.handle = handle;

    /// <summary>The namespace's descriptor, for messages that name it.</summary>
    internal int Descriptor => (int)handle.DangerousGetHandle();

    /// <summary>Opens the namespace of a process; null when that has ended.</summary>
    internal static ProcessNetwork? TryOpen(int processId, ulong startTime)
    {
        using var process = PidFd.TryOpen(processId, startTime);
        if (process is null)
        {
            return null;
        }

        var handle = new SafeFileHandle(Libc.open($"/proc/{processId}/ns/net", Libc.O_RDONLY | Libc.O_CLOEXEC, 0), true);
        if (!handle.IsInvalid && !process.HasEnded)
        {
            return new(handle);
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Does something in the namespace, on a thread that ends with it.</summary>
    internal void Run(Action<RouteSocket> action) => NamespaceThread.Run(() =>
    {
        if (Libc.setns(Descriptor, CLONE_NEWNET) < 0)
        {
            throw Libc.Error("Entering a network namespace");
        }

        using var socket = new RouteSocket();
        action(socket);
        return 0;
    });

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}
