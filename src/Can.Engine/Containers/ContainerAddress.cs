namespace Can.Engine.Containers;

/// <summary>An interface of a container on a network.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Interface">Name of the interface in the container.</param>
/// <param name="IPAddress">Its IPv4 address.</param>
/// <param name="IPv6Address">Its IPv6 address; null on a network without.</param>
/// <param name="MacAddress">Its hardware address.</param>
public sealed record ContainerAddress(string Network, string Interface, string IPAddress, string? IPv6Address, string MacAddress);
