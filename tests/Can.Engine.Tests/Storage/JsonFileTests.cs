using System.Text;
using System.Text.Json;
using Can.Engine.Containers;
using Can.Engine.Storage;

namespace Can.Engine.Tests.Storage;

public sealed class JsonFileTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_definition_comes_back_as_it_was()
    {
        JsonFile.Write(directory["container.json"], Definition, CanJsonText.Write, durable: true);
        var read = JsonFile.TryRead(directory["container.json"], CanJson.Default.ContainerDefinition)!;

        Assert.Equivalent(Definition, read, strict: true);
        Assert.Contains("\"condition\": \"OnFailure\"", File.ReadAllText(directory["container.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_lacks_any_field_is_an_error_and_never_an_object_with_nulls()
    {
        var whole = JsonSerializer.SerializeToNode(Definition, CanJsonText.Default.ContainerDefinition)!.AsObject();
        foreach (var field in whole.Select(pair => pair.Key).Where(static field => field != "autoRemove").ToList())
        {
            var without = whole.DeepClone().AsObject();
            without.Remove(field);
            File.WriteAllText(directory["container.json"], without.ToJsonString());

            Assert.Contains(
                field,
                Assert.Throws<CanException>(() => JsonFile.TryRead(directory["container.json"], CanJson.Default.ContainerDefinition)).Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{ "id": "1" }""")]
    [InlineData("""{ "id": null }""")]
    public void A_damaged_file_is_an_error_that_names_it(string text)
    {
        File.WriteAllText(directory["container.json"], text);

        var error = Assert.Throws<CanException>(() => JsonFile.TryRead(directory["container.json"], CanJson.Default.ContainerDefinition));

        Assert.Equal("StoreCorrupt", error.ErrorId);
        Assert.Equal(directory["container.json"], error.Target);
        Assert.Contains(directory["container.json"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_cut_off_anywhere_is_an_error_and_never_half_an_object()
    {
        JsonFile.Write(directory["whole"], Definition, CanJsonText.Write, durable: false);
        var bytes = Encoding.UTF8.GetBytes(File.ReadAllText(directory["whole"]).TrimEnd());
        for (var length = 0; length < bytes.Length; length += 7)
        {
            File.WriteAllBytes(directory["cut"], bytes[..length]);
            Assert.Throws<CanException>(() => JsonFile.TryRead(directory["cut"], CanJson.Default.ContainerDefinition));
        }
    }

    private static ContainerDefinition Definition => new()
    {
        Id = new string('a', 64),
        Name = "web",
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Image = "busybox",
        ImageId = new string('b', 64),
        Layers = [new string('c', 64)],
        Arguments = ["sh", "-c", "echo 'ä'"],
        Environment = ["PATH=/bin"],
        WorkingDirectory = "/",
        User = "",
        Hostname = "web",
        Mounts = [new() { Kind = MountKind.Volume, Source = "data", Target = "/data", Recursive = false }],
        StopSignal = 15,
        StopTimeoutSeconds = 10,
        Limits = new() { MemoryBytes = 64 << 20, Cpus = 0.5, DeviceReadBps = [new("/dev/vda", 1 << 20)] },
        Ulimits = [new("nofile", 1, -1)],
        Labels = new Dictionary<string, string> { ["a"] = "b" },
        RestartPolicy = new(RestartCondition.OnFailure, 3),
    };
}
