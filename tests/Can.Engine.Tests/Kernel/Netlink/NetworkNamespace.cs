using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Can.Engine.Kernel.Netlink;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Tests.Kernel.Netlink;

/// <summary>
/// A network namespace of a test's own: a host, a container or a neighbour. It has no name and ends with its last user; nothing of
/// the machine's own network is seen or changed in it.
/// </summary>
internal sealed partial class NetworkNamespace : IDisposable
{
    private const int CLONE_NEWNET = 0x40000000;

    public NetworkNamespace()
    {
        Handle = OnThread(() =>
        {
            Check(unshare(CLONE_NEWNET));
            return File.OpenHandle("/proc/thread-self/ns/net");
        });
        Run(() => Route(RouteMessages.LoopbackUp()));
    }

    /// <summary>The namespace of a process.</summary>
    public NetworkNamespace(int processId) => Handle = File.OpenHandle($"/proc/{processId}/ns/net");

    /// <summary>The namespace, as setns(2) and IFLA_NET_NS_FD take it.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>The descriptor's number.</summary>
    public int Descriptor => (int)Handle.DangerousGetHandle();

    /// <summary>Runs something in the namespace, on a thread that ends with it.</summary>
    public T Run<T>(Func<T> action) => OnThread(() =>
    {
        Check(setns(Descriptor, CLONE_NEWNET));
        return action();
    });

    /// <inheritdoc cref="Run{T}(Func{T})"/>
    public void Run(Action action) => Run(() =>
    {
        action();
        return true;
    });

    /// <summary>Sends rtnetlink messages in the namespace of the calling thread.</summary>
    public static void Route(params ReadOnlySpan<NetlinkMessages> messages)
    {
        using var socket = new RouteSocket();
        socket.Send(NetlinkMessages.Join(messages), "Wiring for a test");
    }

    /// <summary>Writes a sysctl in the namespace of the calling thread: <c>net/ipv4/ip_forward</c>.</summary>
    public static void Sysctl(string name, string value) => File.WriteAllText($"/proc/sys/{name}", value);

    /// <summary>The index of an interface in the namespace of the calling thread.</summary>
    public static int IndexOf(string name)
    {
        using var socket = new RouteSocket();
        return socket.FindLink(name)?.Index ?? throw new InvalidOperationException($"no interface {name}");
    }

    public void Dispose() => Handle.Dispose();

    private static T OnThread<T>(Func<T> action)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = action();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(int descriptor, int flags);
}
