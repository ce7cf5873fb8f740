using Can.Engine;
using Can.Engine.Containers;
using Can.Engine.Kernel.Nftables;
using Can.Engine.Networks;

namespace Can.Kill;

/// <summary>Operations on networks, and on containers that are on one and publish a port.</summary>
internal static class NetworkOperations
{
    /// <summary>The network of all containers here.</summary>
    public const string Network = "web";

    /// <summary>Another one, which containers join and leave.</summary>
    public const string Second = "back";

    /// <summary>The port of the host that every case publishes: whether it is free again is part of the aftermath.</summary>
    public const int Port = 7001;

    private const string MadeSubnet = "192.168.52.0/24";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("network-new", Operation.Nothing, (engine, name) => Create(engine, name, start: true)),
        new("network-start", (engine, name) => Create(engine, name, start: false), (engine, name) => engine.Containers.Start(Operation.IdOf(engine, name), CancellationToken.None)),
        new("network-stop", (engine, name) => Create(engine, name, start: true), (engine, name) => engine.Containers.Stop(Operation.IdOf(engine, name), null, force: false, CancellationToken.None)),
        new("network-remove", (engine, name) => Create(engine, name, start: true), (engine, name) => engine.Containers.Remove(Operation.IdOf(engine, name), force: true, CancellationToken.None)),
        new("network-run", Operation.Nothing, RunToEnd),
        new("network-first", MakeNetwork, (engine, name) => engine.Containers.Create(Sleeper(name, Port) with { Networks = [new() { Network = NameOf(name) }] }, start: true, CancellationToken.None)),
        new("table", (engine, _) => new NftTable(engine.Root.CgroupName).Remove(), (engine, name) => Create(engine, name, start: true)),
        new("new-network", Operation.Nothing, MakeNetwork),
        new("remove-network", UseNetwork, (engine, name) => engine.Networks.Remove(NameOf(name))),
        new("connect", (engine, name) => Create(engine, name, start: true), (engine, name) =>
            engine.Containers.Connect(Operation.IdOf(engine, name), new() { Network = Second, Priority = 1 }, CancellationToken.None)) { HasThreads = true },
        new("disconnect", CreateOnBoth, (engine, name) =>
            engine.Containers.Disconnect(Operation.IdOf(engine, name), Network, CancellationToken.None)) { HasThreads = true },
        new("publish", (engine, name) => engine.Containers.Create(Sleeper(name, null), start: true, CancellationToken.None), (engine, name) =>
            engine.Containers.ChangePorts(Operation.IdOf(engine, name), [Mapping(Port)], [], CancellationToken.None)),
        new("unpublish", (engine, name) => Create(engine, name, start: true), (engine, name) =>
            engine.Containers.ChangePorts(Operation.IdOf(engine, name), [], [Mapping(Port)], CancellationToken.None)),
    ];

    /// <summary>The networks that are there all the time.</summary>
    public static void MakeNetworks(CanEngine engine)
    {
        engine.Networks.Create(new() { Name = Network, Subnets = ["192.168.50.0/24"] });
        engine.Networks.Create(new() { Name = Second, Subnets = ["192.168.51.0/24"] });
    }

    /// <summary>Name of the network that an operation on a container of this name makes.</summary>
    public static string NameOf(string name) => $"{name}-net";

    /// <summary>A container on a network that ends at once when it is asked to.</summary>
    public static ContainerOptions Sleeper(string name, int? port) => Operation.Sleeper(name) with
    {
        Networks = [new() { Network = Network }],
        Ports = port is { } number ? [Mapping(number)] : [],
    };

    /// <summary>Makes the network of an operation.</summary>
    public static void MakeNetwork(CanEngine engine, string name) => engine.Networks.Create(new() { Name = NameOf(name), Subnets = [MadeSubnet] });

    private static PortMapping Mapping(int port) => PortMapping.Parse($"{port}:80/tcp");

    private static void Create(CanEngine engine, string name, bool start) => engine.Containers.Create(Sleeper(name, Port), start, CancellationToken.None);

    private static void CreateOnBoth(CanEngine engine, string name) => engine.Containers.Create(
        Sleeper(name, Port) with { Networks = [new() { Network = Network }, new() { Network = Second }] }, start: true, CancellationToken.None);

    /// <summary>A network whose bridge is there.</summary>
    private static void UseNetwork(CanEngine engine, string name)
    {
        MakeNetwork(engine, name);
        var container = engine.Containers.Create(Sleeper(name, null) with { Networks = [new() { Network = NameOf(name) }] }, start: true, CancellationToken.None);
        engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
    }

    private static void RunToEnd(CanEngine engine, string name)
    {
        var container = engine.Containers.Create(Sleeper(name, Port) with { Command = ["/bin/echo", "hello"] }, start: true, CancellationToken.None);
        engine.Containers.Wait([container.Id], WaitCondition.Exited, any: false, TimeSpan.FromSeconds(20), CancellationToken.None);
    }
}
