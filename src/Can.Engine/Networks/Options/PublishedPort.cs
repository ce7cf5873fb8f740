using System.Globalization;
using System.Text.Json.Serialization;
using Can.Engine.Kernel;

namespace Can.Engine.Networks;

/// <summary>A port of a container as it is published now, with the port of the host that it got.</summary>
public sealed record PublishedPort
{
    /// <summary>Address of the host; 0.0.0.0 or :: for all of them.</summary>
    public required string Address { get; init; }

    /// <summary>Port of the host.</summary>
    public required int HostPort { get; init; }

    /// <summary>Port of the container.</summary>
    public required int ContainerPort { get; init; }

    /// <summary>Protocol.</summary>
    public required TransportProtocol Protocol { get; init; }

    /// <summary>The host's end, such as <c>127.0.0.1:8080</c> or <c>[::]:8080</c>.</summary>
    [JsonIgnore]
    public string HostEnd => string.Create(CultureInfo.InvariantCulture, $"{PortMapping.AddressOf(Address)}:{HostPort}");

    /// <summary>The container's end, such as <c>80/tcp</c>.</summary>
    [JsonIgnore]
    public string ContainerEnd => string.Create(CultureInfo.InvariantCulture, $"{ContainerPort}/{Protocol.ToString().ToLowerInvariant()}");

    /// <summary>The text form, such as 127.0.0.1:8080:80/tcp, which publishes the same again.</summary>
    public override string ToString() => $"{HostEnd}:{ContainerEnd}";
}
