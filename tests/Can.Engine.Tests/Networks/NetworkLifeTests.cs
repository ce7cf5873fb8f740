using System.Collections.Concurrent;
using System.Net;
using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Networks;
using Can.Engine.Networks.Addresses;
using Can.Engine.Tests.Kernel.Netlink;

namespace Can.Engine.Tests.Networks;

/// <summary>Containers on networks of a host that is a network namespace of the test's own.</summary>
public sealed class NetworkLifeTests(EngineFixture fixture) : IClassFixture<EngineFixture>, IDisposable
{
    private const int Shells = 8;

    private readonly NetworkNamespace host = new();

    public void Dispose() => host.Dispose();

    [RootFact]
    public void Many_shells_at_work_on_one_network_give_no_address_twice_and_leave_nothing()
    {
        var network = OnHost(engine => engine.Networks.Create(new() { Name = "busy", Subnets = ["192.168.10.0/27"] }));
        var held = new ConcurrentDictionary<string, string>();
        var failures = new ConcurrentQueue<Exception>();

        var shells = Enumerable.Range(0, Shells).Select(_ => new Thread(() =>
        {
            try
            {
                OnHost(engine => Work(engine, held));
            }
            catch (Exception error)
            {
                failures.Enqueue(error);
            }
        })).ToList();
        shells.ForEach(shell => shell.Start());
        shells.ForEach(shell => shell.Join());

        Assert.Empty(failures);
        OnHost(engine =>
        {
            Assert.Empty(Leases(network));
            Assert.DoesNotContain("published4 {\n\t\ttype ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service\n\t\telements", string.Join('\n', engine.Networks.Rules()), StringComparison.Ordinal);
            EngineFixture.Eventually(() => Interfaces().SequenceEqual(["lo", network.Interface]), "the kernel has taken all interfaces away");
            engine.Networks.Remove("busy");
            Assert.Equal(["lo"], Interfaces());
            return true;
        });
    }

    [RootFact]
    public void Leases_of_containers_that_are_gone_are_taken_back() => OnHost(engine =>
    {
        var network = engine.Networks.Create(new() { Name = "small", Subnets = ["192.168.20.0/30"] });
        var table = new LeaseTable($"{fixture.Root.Run}/networks/{network.Id}/leases");
        Assert.True(table.TryClaim(IPAddress.Parse("192.168.20.2"), new string('d', 64)));

        var container = engine.Containers.Create(On("small", "true"), start: true, CancellationToken.None);

        Assert.Equal("192.168.20.2", container.IPAddress);
        engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
        Assert.Empty(Leases(network));
        engine.Networks.Remove("small");
        return true;
    });

    [RootFact]
    public void A_container_keeps_its_address_when_its_record_is_lost() => OnHost(engine =>
    {
        _ = engine.Networks.Create(new() { Name = "kept", Subnets = ["192.168.30.0/24"] });
        var container = engine.Containers.Create(On("kept", "true"), start: true, CancellationToken.None);
        _ = engine.Containers.Wait([container.Id], WaitCondition.Exited, any: false, EngineFixture.Patience, CancellationToken.None);
        File.WriteAllText($"{fixture.Root.ContainerRun(container.Id)}/network.json", "{");

        var again = engine.Containers.Start(container.Id, CancellationToken.None);
        _ = engine.Networks.List();

        Assert.NotNull(again.IPAddress);
        Assert.Equal([again.IPAddress], Leases(engine.Networks.TryGet("kept")!));
        engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
        engine.Networks.Remove("kept");
        return true;
    });

    [RootFact]
    public void A_bridge_without_a_free_port_is_a_full_network() => OnHost(engine =>
    {
        var network = engine.Networks.Create(new() { Name = "wide", Subnets = ["10.31.0.0/16"] });
        var first = engine.Containers.Create(On("wide", "sleep", "1000"), start: true, CancellationToken.None);
        var apart = engine.Containers.Create(On(NetworkName.Default, "sleep", "1000"), start: true, CancellationToken.None);
        TakePorts(network.Interface, 1022);

        EngineFixture.Fails("NetworkFull", () => engine.Containers.Create(On("wide", "true"), start: true, CancellationToken.None));
        EngineFixture.Fails("NetworkFull", () => engine.Containers.Connect(apart.Id, new() { Network = "wide" }, CancellationToken.None));
        Assert.Equal(first.IPAddress, Assert.Single(Leases(network)));

        engine.Containers.Remove(first.Id, force: true, CancellationToken.None);
        engine.Containers.Remove(apart.Id, force: true, CancellationToken.None);
        engine.Networks.Remove("wide");
        engine.Networks.Remove(NetworkName.Default);
        return true;
    });

    [RootFact]
    public void A_container_may_publish_more_ports_than_the_engine_has_descriptors_in_use() => OnHost(engine =>
    {
        var options = On(NetworkName.Default, "true") with { Ports = [.. PortMapping.Parse("20000-20499:1-500").Each()] };
        var container = engine.Containers.Create(options, start: true, CancellationToken.None);

        Assert.Equal(500, engine.Containers.GetById(container.Id).Definition.Ports!.Count);
        engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
        engine.Networks.Remove(NetworkName.Default);
        return true;
    });

    [RootFact]
    public void Of_several_that_need_the_default_network_one_makes_it()
    {
        var names = new ConcurrentBag<string>();
        var shells = Enumerable.Range(0, Shells).Select(_ => new Thread(() => OnHost(engine =>
        {
            var container = engine.Containers.Create(On(NetworkName.Default, "true"), start: true, CancellationToken.None);
            names.Add(container.IPAddress!);
            return true;
        }))).ToList();
        shells.ForEach(shell => shell.Start());
        shells.ForEach(shell => shell.Join());

        Assert.Equal(Shells, names.Distinct().Count());
        OnHost(engine =>
        {
            foreach (var container in engine.Containers.List().Where(container => container.Networks.Contains(NetworkName.Default)))
            {
                engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
            }

            engine.Networks.Remove(NetworkName.Default);
            return true;
        });
    }

    private bool Work(CanEngine engine, ConcurrentDictionary<string, string> held)
    {
        for (var round = 0; round < 6; round++)
        {
            var options = On("busy", "sleep", "1000") with { Ports = [PortMapping.Parse("80")] };
            var container = engine.Containers.Create(options, start: true, CancellationToken.None);
            Assert.True(held.TryAdd(container.IPAddress!, container.Id), $"{container.IPAddress} was given twice");
            Assert.True(held.TryAdd(container.Ports[0].ToString(), container.Id), $"{container.Ports[0]} was given twice");
            Assert.True(held.TryRemove(container.Ports[0].ToString(), out _));
            Assert.True(held.TryRemove(container.IPAddress!, out _));
            engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
        }

        return true;
    }

    private ContainerOptions On(string network, params string[] command) => fixture.Options(command) with { Networks = [new() { Network = network }] };

    private T OnHost<T>(Func<CanEngine, T> action)
    {
        _ = fixture.Engine; // the image
        return host.Run(() => action(fixture.Another()));
    }

    /// <summary>Gives a bridge of the calling thread's namespace that many further ports.</summary>
    private static void TakePorts(string bridge, int count)
    {
        var index = NetworkNamespace.IndexOf(bridge);
        using var own = File.OpenHandle("/proc/thread-self/ns/net");
        for (var port = 0; port < count; port++)
        {
            var pair = new VethLink($"taken{port}", port, index, HardwareAddress.Of(IPAddress.Parse($"10.31.8.{port % 250}")), 0, (int)own.DangerousGetHandle()) { NumberedByRun = false };
            NetworkNamespace.Route(RouteMessages.Veth(pair));
        }
    }

    private string[] Leases(Network network)
    {
        var directory = $"{fixture.Root.Run}/networks/{network.Id}/leases";
        return Directory.Exists(directory) ? [.. Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path))] : [];
    }

    private static string[] Interfaces()
    {
        using var socket = new RouteSocket();
        return [.. socket.ListLinks().Select(link => link.Name).OrderDescending(StringComparer.Ordinal)];
    }
}
