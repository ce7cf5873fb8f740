namespace Can.Engine.Containers;

/// <summary>
/// Everything that can be done with containers. One instance belongs to a <see cref="CanEngine"/>; calls may come from several
/// threads. Every operation takes a full Id; names and Id prefixes become snapshots first.
/// </summary>
public sealed partial class ContainerService
{
    private readonly CanEngine engine;

    internal ContainerService(CanEngine engine) => this.engine = engine;
}

/// <summary>What <see cref="ContainerService.Wait"/> waits for.</summary>
public enum WaitCondition
{
    /// <summary>It does not run and will not be restarted.</summary>
    Exited,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has been removed.</summary>
    Removed,
}
