using System.Diagnostics;
using System.Globalization;
using Can.Engine;
using Can.Engine.Containers;
using Can.Engine.Networks;

namespace Can.Kill;

/// <summary>A process at work on containers of the networks <c>busy</c> and <c>second</c> while others, which may be killed, do the same.</summary>
internal sealed class NetworkContender(CanEngine engine, string holders, string name, Random random)
{
    private const int SharedPorts = 4;

    /// <summary>
    /// Arguments: root, directory of what is held, name, seconds, seed. Writes <c>made</c> for every container it made and
    /// <c>unexpected ERROR</c> for what must not happen.
    /// </summary>
    public static int Run(string[] arguments)
    {
        var seconds = double.Parse(arguments[3], CultureInfo.InvariantCulture);
        var contender = new NetworkContender(
            new CanEngine(CanRoot.At(arguments[0])), arguments[1], arguments[2], new Random(int.Parse(arguments[4], CultureInfo.InvariantCulture)));
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started).TotalSeconds < seconds;)
        {
            Attempt(contender.Live);
        }

        return 0;
    }

    /// <summary>A container from birth to removal, with something done to it in between.</summary>
    private void Live()
    {
        // One of a process that had this name and was killed.
        if (engine.Containers.TryGetByName(name) is { } left)
        {
            End(left);
        }

        string[] ports = random.Next(2) == 0 ? ["80"] : ["80", $"{8000 + random.Next(SharedPorts)}:81", $"{9000 + random.Next(SharedPorts)}:82/udp"];
        var options = Operation.Sleeper(name) with { Networks = [new() { Network = "busy" }], Ports = [.. ports.Select(PortMapping.Parse)] };
        var container = engine.Containers.Create(options, start: true, CancellationToken.None);
        Console.WriteLine("made");
        Hold(container);
        Attempt(() => Change(container));
        End(container);
    }

    private void Change(Container container)
    {
        switch (random.Next(5))
        {
            case 0:
                engine.Containers.ChangePorts(container.Id, [PortMapping.Parse($"{8000 + random.Next(SharedPorts)}:83")], [], CancellationToken.None);
                break;
            case 1:
                engine.Containers.Connect(container.Id, new() { Network = "second", Priority = random.Next(2) }, CancellationToken.None);
                Leave(container, random.Next(2) == 0 ? "second" : "busy");
                break;
            case 2:
                engine.Containers.Stop(container.Id, TimeSpan.Zero, force: true, CancellationToken.None);
                engine.Containers.Start(container.Id, CancellationToken.None);
                break;
            case 3:
                engine.Networks.List();
                break;
            default:
                engine.Containers.List(error => throw error);
                break;
        }
    }

    /// <summary>As long as a file is there its container is: nobody else may have the address.</summary>
    private void Hold(Container container)
    {
        try
        {
            File.WriteAllText(FileOf(container), ""); // it may be its own, of a process that was killed
            if (Directory.EnumerateFiles(holders, $"{container.IPAddress}_*").Skip(1).Any())
            {
                Console.WriteLine($"unexpected duplicate {container.IPAddress}");
            }
        }
        catch (IOException error)
        {
            Console.WriteLine($"unexpected {error.Message}");
        }
    }

    private void Leave(Container container, string network)
    {
        if (network == "busy")
        {
            Release(container);
        }

        engine.Containers.Disconnect(container.Id, network, CancellationToken.None);
    }

    private void Release(Container container)
    {
        foreach (var file in Directory.EnumerateFiles(holders, $"*_{container.Id}"))
        {
            File.Delete(file);
        }
    }

    private void End(Container container)
    {
        Release(container);
        engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
    }

    private string FileOf(Container container) => $"{holders}/{container.IPAddress}_{container.Id}";

    /// <summary>A port may be somebody else's, who may be faster.</summary>
    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (CanException error) when (error.ErrorId is "PortInUse" or "PortDuplicate")
        {
        }
        catch (CanException error)
        {
            Console.WriteLine($"unexpected {error.ErrorId} {error.Message}");
        }
    }
}
