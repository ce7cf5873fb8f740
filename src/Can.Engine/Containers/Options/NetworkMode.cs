namespace Can.Engine.Containers.Options;

/// <summary>Values of <see cref="ContainerOptions.Network"/> that are not the name of a network.</summary>
public static class NetworkMode
{
    /// <summary>A network namespace with nothing but a loopback interface.</summary>
    public const string None = "none";

    /// <summary>The host's own network.</summary>
    public const string Host = "host";
}
