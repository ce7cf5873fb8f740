using System.Text.Json;
using System.Text.Json.Nodes;
using Can.Engine.Networks;
using Can.Engine.Networks.Addresses;
using Can.Engine.Storage;

namespace Can.Engine.Tests.Networks;

public sealed class NetworkReaderTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_definition_comes_back_as_it_was()
    {
        JsonFile.Write(directory["network.json"], Definition, CanJsonText.Write, durable: false);

        Assert.Equivalent(Definition, JsonFile.TryRead(directory["network.json"], NetworkReader.Definition), strict: true);
    }

    [Fact]
    public void A_file_that_lacks_any_field_is_an_error_that_names_it()
    {
        JsonFile.Write(directory["network.json"], Definition, CanJsonText.Write, durable: false);
        var whole = JsonNode.Parse(File.ReadAllBytes(directory["network.json"]))!.AsObject();
        foreach (var field in whole.Select(pair => pair.Key).ToList())
        {
            var without = whole.DeepClone().AsObject();
            without.Remove(field);
            File.WriteAllText(directory["network.json"], without.ToJsonString());

            var error = Assert.Throws<CanException>(() => JsonFile.TryRead(directory["network.json"], NetworkReader.Definition));
            Assert.Equal("StoreCorrupt", error.ErrorId);
            Assert.Contains($"'{field}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("mtu", "\"1500\"")]
    [InlineData("mtu", "1.5")]
    [InlineData("mtu", "4294967296")]
    [InlineData("internal", "1")]
    [InlineData("name", "[]")]
    [InlineData("createdAt", "\"yesterday\"")]
    [InlineData("pools", "[null]")]
    [InlineData("pools", "[]")]
    [InlineData("pools", "[{\"subnet\":\"10.0.0.0/33\",\"gateway\":\"10.0.0.1\"}]")]
    [InlineData("labels", "{\"a\":null}")]
    [InlineData("labels", "[\"a\"]")]
    public void A_field_of_another_kind_is_an_error(string field, string value)
    {
        JsonFile.Write(directory["network.json"], Definition, CanJsonText.Write, durable: false);
        var whole = JsonNode.Parse(File.ReadAllBytes(directory["network.json"]))!.AsObject();
        whole[field] = JsonNode.Parse(value);
        File.WriteAllText(directory["network.json"], whole.ToJsonString(new JsonSerializerOptions()));

        Assert.Equal("StoreCorrupt", Assert.Throws<CanException>(() => JsonFile.TryRead(directory["network.json"], NetworkReader.Definition)).ErrorId);
    }

    private static NetworkDefinition Definition => new()
    {
        Id = new string('a', 64),
        Name = "web",
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Interface = "can-1",
        Pools =
        [
            new() { Subnet = Block("10.1.0.0/16"), Gateway = "10.1.0.1", IPRange = Block("10.1.2.0/24") },
            new() { Subnet = Block("fd00:1::/64"), Gateway = "fd00:1::1" },
        ],
        Mtu = 1400,
        Internal = true,
        Isolate = true,
        Labels = new Dictionary<string, string> { ["a"] = "ä" },
        Options = new Dictionary<string, string> { ["com.docker.network.bridge.name"] = "can-1" },
    };

    private static Subnet Block(string text) => Subnet.TryParse(text, out var subnet) ? subnet : throw new ArgumentException(text);
}
