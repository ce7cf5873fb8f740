using Can.Engine;
using Can.Engine.Containers;
using Can.Engine.Networks;

namespace Can.Kill;

/// <summary>The life of a container on a network of its own, for hosts that lack something: which error there is, if there is one.</summary>
internal static class NetworkLife
{
    /// <summary>
    /// Arguments: root, and <c>ipv6</c> for a network with. Writes <c>life works ADDRESS</c>, or <c>ERRORID MESSAGE</c>; then <c>host works</c>,
    /// for a container on the host's network, and a line <c>left NAME</c> for each interface that is left besides lo.
    /// </summary>
    public static int Run(string[] arguments)
    {
        var engine = new CanEngine(CanRoot.At(arguments[0]));
        try
        {
            engine.Networks.Create(new() { Name = "life", Subnets = ["192.168.70.0/24"], IPv6 = arguments.Contains("ipv6") });
            Live(engine, Operation.Sleeper("life") with { Networks = [new() { Network = "life" }], Ports = [PortMapping.Parse("8080:80")] });
        }
        catch (CanException error)
        {
            Console.WriteLine($"{error.ErrorId} {error.Message}");
        }

        Live(engine, Operation.Sleeper("host") with { Networks = [new() { Network = "host" }] });
        foreach (var name in engine.Networks.Names())
        {
            try
            {
                engine.Networks.Remove(name);
            }
            catch (CanException error)
            {
                Console.WriteLine($"remove {error.ErrorId} {error.Message}");
            }
        }

        foreach (var line in File.ReadLines("/proc/self/net/dev").Where(static line => line.Contains(':', StringComparison.Ordinal)))
        {
            var name = line[..line.IndexOf(':', StringComparison.Ordinal)].Trim();
            Console.WriteLine(name == "lo" ? "" : $"left {name}");
        }

        return 0;
    }

    private static void Live(CanEngine engine, ContainerOptions options)
    {
        var container = engine.Containers.Create(options, start: true, CancellationToken.None);
        Console.WriteLine($"{options.Name} works {container.IPAddress}");
        engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
    }
}
