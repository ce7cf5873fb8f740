using System.Text.Json;
using Can.Engine.Networks.Addresses;
using Can.Engine.Storage;

namespace Can.Engine.Networks;

/// <summary>Reads network.json.</summary>
internal static class NetworkReader
{
    /// <summary>A network's definition.</summary>
    /// <exception cref="JsonException">The text is not one.</exception>
    public static NetworkDefinition Definition(ReadOnlyMemory<byte> utf8) => JsonMembers.Read(utf8, static json => new NetworkDefinition
    {
        Id = json.Text("id"u8).Required("id"u8),
        Name = json.Text("name"u8).Required("name"u8),
        CreatedAt = json.Time("createdAt"u8) ?? throw new JsonException("It has no 'createdAt'."),
        Interface = json.Text("interface"u8).Required("interface"u8),
        Pools = json.Objects("pools"u8, Pool) is { Count: > 0 } pools ? pools : throw new JsonException("It has no 'pools'."),
        Mtu = json.Integer("mtu"u8) ?? throw new JsonException("It has no 'mtu'."),
        Internal = json.Flag("internal"u8).Required("internal"u8),
        Isolate = json.Flag("isolate"u8).Required("isolate"u8),
        Labels = json.TextMap("labels"u8).Required("labels"u8),
        Options = json.TextMap("options"u8).Required("options"u8),
    });

    private static AddressPool Pool(JsonElement json) => new()
    {
        Subnet = Block(json.Text("subnet"u8).Required("subnet"u8)),
        Gateway = json.Text("gateway"u8).Required("gateway"u8),
        IPRange = json.Text("ipRange"u8) is { } range ? Block(range) : null,
    };

    private static Subnet Block(string text) =>
        Subnet.TryParse(text, out var subnet) ? subnet : throw new JsonException($"'{text}' is no subnet such as 192.168.10.0/24.");
}
