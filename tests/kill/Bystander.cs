using System.Globalization;
using Can.Engine;
using Can.Engine.Containers;

namespace Can.Kill;

/// <summary>A container that runs all the time, with an address and a published port, and that no kill of others may touch.</summary>
internal sealed class Bystander
{
    public const string Name = "bystander";

    /// <summary>The port of the host that it publishes.</summary>
    public const int Port = 7000;

    private readonly Container container;

    private Bystander(Container container) => this.container = container;

    public string Id => container.Id;

    /// <summary>Its address on the network <see cref="NetworkOperations.Network"/>.</summary>
    public string Address => container.IPAddress!;

    /// <summary>Starts it.</summary>
    public static Bystander Start(CanEngine engine) => new(engine.Containers.Create(NetworkOperations.Sleeper(Name, Port), start: true, CancellationToken.None));

    /// <summary>Finds it, in another process.</summary>
    public static Bystander Find(CanEngine engine) => new(engine.Containers.TryGetByName(Name) ?? throw new InvalidOperationException("the bystander has gone"));

    /// <summary>Null when it still runs, as the same process.</summary>
    public string? Check(CanEngine engine)
    {
        var now = engine.Containers.GetById(Id);
        return (now.State, now.ProcessId) == (ContainerState.Running, container.ProcessId) ? null : $"the bystander is {now.State}";
    }

    /// <summary>Whether a process is its monitor or one of its own.</summary>
    public bool Owns(int process) => process == container.MonitorProcessId || process == container.ProcessId || Parent(process) == container.ProcessId;

    private static int Parent(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
