using System.Text.Json;
using Can.Cli.Common.Listing;
using Can.Engine;
using Can.Engine.Containers;
using Can.Engine.Networks;

namespace Can.Cli.Networks;

/// <summary>Networks by what people call them, and in Docker's words.</summary>
internal static class NetworkText
{
    /// <summary>Digits of an Id that are enough to be one.</summary>
    private const int FewestDigits = 4;

    /// <summary>A truth as Docker's lists write it.</summary>
    public static string Of(bool value) => value ? "true" : "false";

    /// <summary>A network by its name, or its Id or the beginning of it.</summary>
    /// <exception cref="CanException"><c>NetworkNotFound</c></exception>
    public static Network Find(CanEngine engine, string name) => TryFind(engine, name) ?? throw new CanException(
        "NetworkNotFound", CanErrorCategory.ObjectNotFound, $"There is no network named '{name}'. Get-CanNetwork lists the networks there are; names are case-sensitive.", name);

    /// <summary>The same; null if there is none.</summary>
    public static Network? TryFind(CanEngine engine, string name)
    {
        if (engine.Networks.TryGet(name) is { } network)
        {
            return network;
        }

        var found = name.Length < FewestDigits ? [] : engine.Networks.List().Where(one => one.Id.StartsWith(name, StringComparison.Ordinal)).ToList();
        return found is [var only] ? only : null;
    }

    /// <summary>Writes a network with Docker's names where Docker has it.</summary>
    public static void Write(Utf8JsonWriter writer, Network network, IReadOnlyList<Container> members)
    {
        writer.WriteStartObject();
        writer.WriteString("Name", network.Name);
        writer.WriteString("Id", network.Id);
        writer.WriteMoment("Created", network.CreatedAt);
        writer.WriteString("Scope", "local");
        writer.WriteString("Driver", network.Driver);
        writer.WriteBoolean("EnableIPv6", network.IPv6);
        writer.WriteBoolean("Internal", network.Internal);
        writer.WriteBoolean("Isolate", network.Isolate);
        writer.WriteString("Interface", network.Interface);
        if (network.Mtu is { } mtu)
        {
            writer.WriteNumber("Mtu", mtu);
        }

        WriteAddresses(writer, network);
        WriteMembers(writer, network, members);
        writer.WritePairs("Options", network.Options);
        writer.WritePairs("Labels", network.Labels);
        writer.WriteTexts("Rules", network.Rules);
        writer.WriteEndObject();
    }

    /// <summary>The containers that are on a network.</summary>
    public static IReadOnlyList<Container> Members(CanEngine engine, Network network) =>
        [.. engine.Containers.List().Where(container => container.Networks.Contains(network.Name))];

    private static void WriteAddresses(Utf8JsonWriter writer, Network network)
    {
        writer.WriteStartObject("IPAM");
        writer.WriteString("Driver", "default");
        writer.WriteStartArray("Config");
        foreach (var (subnet, gateway) in network.Subnet.Zip(network.Gateway))
        {
            writer.WriteStartObject();
            writer.WriteString("Subnet", subnet);
            writer.WriteString("Gateway", gateway);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteTexts("IPRange", network.IPRange);
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, Network network, IReadOnlyList<Container> members)
    {
        writer.WriteStartObject("Containers");
        foreach (var container in members)
        {
            var endpoint = container.Endpoints.FirstOrDefault(one => one.Network == network.Name);
            writer.WriteStartObject(container.Id);
            writer.WriteString("Name", container.Name);
            writer.WriteString("MacAddress", endpoint?.MacAddress ?? "");
            writer.WriteString("IPv4Address", endpoint?.IPAddress ?? "");
            writer.WriteString("IPv6Address", endpoint?.IPv6Address ?? "");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
