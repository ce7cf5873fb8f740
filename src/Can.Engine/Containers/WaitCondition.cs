namespace Can.Engine.Containers;

/// <summary>What <see cref="ContainerService.Wait"/> waits for.</summary>
public enum WaitCondition
{
    /// <summary>It does not run and will not be restarted.</summary>
    Exited,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has been removed.</summary>
    Removed,

    /// <summary>It runs, and its health check says that it is healthy.</summary>
    Healthy,
}
