namespace Can.Engine.Networks;

/// <summary>A container's interface on one of its networks.</summary>
public sealed record ContainerInterface
{
    internal ContainerInterface(Endpoint endpoint) =>
        (Network, Name, IPAddress, IPv6Address, MacAddress) = (endpoint.Network, endpoint.Interface, endpoint.IPAddress, endpoint.IPv6Address, endpoint.MacAddress);

    /// <summary>Name of the network.</summary>
    public string Network { get; }

    /// <summary>Its name in the container, such as <c>eth0</c>.</summary>
    public string Name { get; }

    /// <summary>Its IPv4 address.</summary>
    public string IPAddress { get; }

    /// <summary>Its IPv6 address; null on a network without.</summary>
    public string? IPv6Address { get; }

    /// <summary>Its hardware address.</summary>
    public string MacAddress { get; }

    /// <summary>Network and addresses: <c>lab 192.168.10.2 fd00:10::2</c>.</summary>
    public override string ToString() => IPv6Address is null ? $"{Network} {IPAddress}" : $"{Network} {IPAddress} {IPv6Address}";
}
