using System.Diagnostics;
using System.Globalization;
using Can.Engine.Kernel;
using Can.Engine.Networks;

namespace Can.Engine.Tests.Networks;

/// <summary>
/// Processes that start, change and remove containers of one network at once, some of them killed. CAN_CONTEND_SECONDS makes it last longer
/// than a suite should take.
/// </summary>
public sealed class NetworkContentionTests(EngineFixture fixture) : IClassFixture<EngineFixture>, IDisposable
{
    private const int Processes = 8;

    private static readonly double Seconds = double.TryParse(
        Environment.GetEnvironmentVariable("CAN_CONTEND_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 5;

    private readonly NetworkedHost host = new(fixture);

    public void Dispose() => host.Dispose();

    [RootFact]
    public void Processes_at_work_on_one_network_give_nothing_twice_and_leave_nothing() => Contend(kill: false);

    [RootFact]
    public void Nor_do_they_when_some_of_them_are_killed() => Contend(kill: true);

    private void Contend(bool kill)
    {
        var (busy, second) = host.Run(engine => (
            engine.Networks.Create(new() { Name = "busy", Subnets = ["192.168.80.0/26"] }), engine.Networks.Create(new() { Name = "second", Subnets = ["192.168.81.0/26"] })));
        var holders = Directory.CreateDirectory(fixture.PathOf($"holders-{kill}")).FullName;
        var started = Stopwatch.GetTimestamp();
        var outputs = new string[Processes];
        try
        {
            Contend(holders, started, outputs, kill);
            AssertNothingIsLeft(busy, second);
        }
        finally
        {
            RemoveAll();
        }

        Assert.Equal(["lo"], host.Interfaces());
        host.Namespace.Run(() => Assert.False(new Engine.Kernel.Nftables.NftTable(fixture.Root.CgroupName).Exists()));
    }

    private void Contend(string holders, long started, string[] outputs, bool kill)
    {
        var keepers = Enumerable.Range(0, Processes).Select(number => new Thread(() => outputs[number] = Keep(number, holders, started, kill))).ToList();
        keepers.ForEach(static keeper => keeper.Start());
        keepers.ForEach(static keeper => keeper.Join());

        var lines = outputs.SelectMany(static output => output.Split('\n')).ToList();
        Assert.Equal([], lines.Where(static line => line.StartsWith("unexpected", StringComparison.Ordinal)));
        Assert.Contains("made", lines);
    }

    private void RemoveAll() => host.Run(engine =>
    {
        foreach (var container in engine.Containers.List())
        {
            engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
        }

        engine.Networks.Remove("busy");
        engine.Networks.Remove("second");
    });

    /// <summary>Keeps a process at work; with kills, one after the other.</summary>
    private string Keep(int number, string holders, long started, bool kill)
    {
        var random = new Random(number);
        var output = "";
        for (var left = Seconds; left > 0; left = Seconds - Stopwatch.GetElapsedTime(started).TotalSeconds)
        {
            string[] arguments =
            [
                Path.Combine(AppContext.BaseDirectory, "Can.Kill.dll"), "contend-network", fixture.Root.Run[..^"/run".Length], holders, $"contender-{number}",
                left.ToString(CultureInfo.InvariantCulture), random.Next().ToString(CultureInfo.InvariantCulture),
            ];
            using var process = host.Run(_ => Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!);
            for (var doomed = kill ? random.Next(1, 8) : int.MaxValue; process.StandardOutput.ReadLine() is { } line; output += line + "\n")
            {
                if (line == "made" && --doomed == 0)
                {
                    Thread.Sleep(random.Next(30)); // it is somewhere in what follows
                    process.Kill();
                }
            }

            process.WaitForExit();
            Assert.True(process.ExitCode == 0 || kill);
            if (process.ExitCode == 0)
            {
                break;
            }
        }

        return output;
    }

    private void AssertNothingIsLeft(Network busy, Network second)
    {
        host.Run(engine =>
        {
            var containers = engine.Containers.List(error => throw error);
            Assert.Equal(containers.Count, containers.Where(static container => container.Networks.Contains("busy")).Select(static container => container.IPAddress).Distinct().Count()
                + containers.Count(static container => !container.Networks.Contains("busy")));
            foreach (var container in containers)
            {
                engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
            }

            engine.Networks.List();
        });
        Assert.Empty(host.Leases(busy));
        Assert.Empty(host.Leases(second));
        Assert.Empty(host.Published());
        Assert.Empty(fixture.Residue());
        host.Namespace.Run(() =>
        {
            foreach (var port in Enumerable.Range(8000, 4))
            {
                PortReservation.Bind(System.Net.IPAddress.Any, port, TransportProtocol.Tcp).Dispose();
                PortReservation.Bind(System.Net.IPAddress.Any, port + 1000, TransportProtocol.Udp).Dispose();
            }
        });

        // A network namespace that anybody held would keep its interfaces.
        host.WaitForInterfaces([.. host.Interfaces().Where(name => name == busy.Interface || name == second.Interface)]);
    }
}
