namespace Can.Engine.Containers.Options;

/// <summary>Values of <see cref="ContainerDefinition.Network"/>; all but <see cref="Bridge"/> stand where a network's name could.</summary>
public static class NetworkMode
{
    /// <summary>A network namespace with nothing but a loopback interface.</summary>
    public const string None = "none";

    /// <summary>The host's own network.</summary>
    public const string Host = "host";

    /// <summary>A network namespace with an interface for each of its networks.</summary>
    public const string Bridge = "bridge";

    /// <summary>In front of the name or Id of the container whose network namespace is shared.</summary>
    public const string ContainerPrefix = "container:";

    /// <summary>The container whose network is shared; null in every other mode.</summary>
    public static string? SharedWith(string network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.StartsWith(ContainerPrefix, StringComparison.Ordinal) ? network[ContainerPrefix.Length..] : null;
    }
}
