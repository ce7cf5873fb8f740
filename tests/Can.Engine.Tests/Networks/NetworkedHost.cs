using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Kernel.Processes;
using Can.Engine.Networks;
using Can.Engine.Tests.Kernel.Netlink;

namespace Can.Engine.Tests.Networks;

/// <summary>A host in a network namespace of a test's own, and engines at work on it.</summary>
internal sealed class NetworkedHost(EngineFixture fixture) : IDisposable
{
    private NetworkNamespace host = new();

    /// <summary>The host's namespace.</summary>
    public NetworkNamespace Namespace => host;

    /// <summary>Does something with a new engine, as another process on this host would.</summary>
    public T Run<T>(Func<CanEngine, T> action)
    {
        _ = fixture.Engine; // the image
        return host.Run(() => action(fixture.Another()));
    }

    /// <inheritdoc cref="Run{T}(Func{CanEngine, T})"/>
    public void Run(Action<CanEngine> action) => Run(engine =>
    {
        action(engine);
        return true;
    });

    /// <summary>Options of a container that sleeps on a network.</summary>
    public ContainerOptions On(string network, params string[] ports) => fixture.Options("sleep", "1000") with
    {
        Networks = [new() { Network = network }],
        Ports = [.. ports.Select(PortMapping.Parse)],
    };

    /// <summary>Starts a container with an engine of its own.</summary>
    public Container Start(ContainerOptions options) => Run(engine => engine.Containers.Create(options, start: true, CancellationToken.None));

    public void Remove(params Container[] containers) => Run(engine =>
    {
        foreach (var container in containers)
        {
            engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
        }
    });

    /// <summary>The translated ports, as <c>127.0.0.1:8080 10.0.0.2:80</c>.</summary>
    public string[] Published() => host.Run(() => new NftTable(fixture.Root.CgroupName).ListPublished()
        .Select(static port => $"{port.HostAddress}:{port.HostPort} {port.Address}:{port.Port}").Order(StringComparer.Ordinal).ToArray());

    /// <summary>Where a container's port is published.</summary>
    public static string LeadsTo(Container container, int hostPort, string address = "127.0.0.1") => $"{address}:{hostPort} {container.IPAddress}:80";

    /// <summary>Names of the host's interfaces.</summary>
    public string[] Interfaces() => host.Run(() =>
    {
        using var socket = new RouteSocket();
        return socket.ListLinks().Select(static link => link.Name).Order(StringComparer.Ordinal).ToArray();
    });

    /// <summary>Waits until the kernel has taken all interfaces of containers away.</summary>
    public void WaitForInterfaces(params string[] left) => EngineFixture.Eventually(
        () => Interfaces().SequenceEqual(left.Append("lo").Order(StringComparer.Ordinal)), $"only {string.Join(", ", left)} is left");

    /// <summary>Runs commands of nft(8) on the host, as its owner would.</summary>
    public void Nft(string commands) => host.Run(() =>
    {
        Assert.True(LibNftables.Run(commands, out _, out var error), error);
    });

    /// <summary>Takes an interface of the host away.</summary>
    public void RemoveLink(string name) => host.Run(() => NetworkNamespace.Route(RouteMessages.RemoveLink(LinkReference.At(NetworkNamespace.IndexOf(name)))));

    /// <summary>Names of the leased addresses, or of what stands in their place.</summary>
    public string[] Leases(Network network) => Directory.Exists(LeasesOf(network))
        ? [.. Directory.EnumerateFileSystemEntries(LeasesOf(network)).Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)]
        : [];

    public string LeasesOf(Network network) => $"{fixture.Root.Run}/networks/{network.Id}/leases";

    /// <summary>Whether one container reaches another.</summary>
    public bool Reaches(Container from, string address) => fixture.Exec(from, $"ping -c 1 -W 1 {address}").ExitCode == 0;

    /// <summary>Everything that ran is gone, and so is what was in memory.</summary>
    public void Reboot(params Container[] running)
    {
        foreach (var container in running)
        {
            KillMonitor(container);
            HostFacts.Current.Cgroups.Sweep(fixture.Root, container.Id);
        }

        host.Dispose();
        host = new();
        File.WriteAllText($"{fixture.Root.Run}/boot-id", "00000000-0000-0000-0000-000000000000\n");
        Directory.Delete($"{fixture.Root.Run}/root"); // this process has looked before
    }

    /// <summary>kill -9 of a container's monitor.</summary>
    public static void KillMonitor(Container container)
    {
        using var monitor = PidFd.TryOpen(container.MonitorProcessId!.Value, container.Status.MonitorStartTime);
        monitor?.Signal(9);
        using var poller = new Poller(CancellationToken.None);
        Assert.True(monitor is null || poller.WaitReadable(monitor.Handle, EngineFixture.Patience));
    }

    public void Dispose() => host.Dispose();
}
