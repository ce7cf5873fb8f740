using Can.Engine.Containers;

namespace Can.Engine.Tests.Volumes;

public sealed class VolumeServiceTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly CanEngine engine;

    public VolumeServiceTests() => engine = new CanEngine(CanRoot.At(directory["can"]));

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_volume_is_made_found_listed_and_removed_with_its_files()
    {
        var made = engine.Volumes.Create("data", new Dictionary<string, string> { ["a"] = "b" });
        File.WriteAllText($"{made.Path}/file", "");

        Assert.Equal("b", engine.Volumes.TryGet("data")!.Labels["a"]);
        Assert.Equal(engine.Volumes.PathOf("data"), made.Path);
        Assert.Equal(["data"], engine.Volumes.List().Select(volume => volume.Name));

        engine.Volumes.Remove("data");
        Assert.Null(engine.Volumes.TryGet("data"));
        Assert.Empty(Directory.GetFileSystemEntries($"{engine.Root.State}/volumes"));
        Assert.Empty(Directory.GetFileSystemEntries($"{engine.Root.State}/trash"));
    }

    [Fact]
    public void Everybody_may_enter_a_volume_as_its_owner_allows()
    {
        var mode = File.GetUnixFileMode(engine.Volumes.Create("data", null).Path);

        Assert.Equal("755", Convert.ToString((int)mode, 8));
    }

    [Fact]
    public void An_anonymous_volume_has_64_digits_for_a_name()
    {
        var made = engine.Volumes.Create(null, null, anonymous: true);

        Assert.Matches("^[0-9a-f]{64}$", made.Name);
        Assert.True(engine.Volumes.TryGet(made.Name)!.Anonymous);
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        engine.Volumes.Create("data", null);
        File.WriteAllText($"{engine.Volumes.PathOf("data")}/file", "kept");

        Assert.Equal("VolumeExists", Assert.Throws<CanException>(() => engine.Volumes.Create("data", null)).ErrorId);
        Assert.Equal("kept", File.ReadAllText($"{engine.Volumes.GetOrCreate("data").Path}/file"));
        Assert.Single(Directory.GetFileSystemEntries($"{engine.Root.State}/volumes"));
    }

    [Fact]
    public void Many_at_once_get_the_same_volume()
    {
        var made = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(8).Select(_ => engine.Volumes.GetOrCreate("data")).ToList();

        Assert.Single(made.Select(volume => volume.CreatedAt).Distinct());
        Assert.Single(Directory.GetFileSystemEntries($"{engine.Root.State}/volumes"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData(".hidden")]
    [InlineData("../outside")]
    [InlineData("a/b")]
    [InlineData("with space")]
    [InlineData("größe")]
    public void A_bad_name_is_refused_and_never_found(string name)
    {
        Assert.Equal("VolumeNameInvalid", Assert.Throws<CanException>(() => engine.Volumes.Create(name, null)).ErrorId);
        Assert.Equal("VolumeNameInvalid", Assert.Throws<CanException>(() => engine.Volumes.GetOrCreate(name)).ErrorId);
        Assert.Equal("VolumeNotFound", Assert.Throws<CanException>(() => engine.Volumes.Remove(name)).ErrorId);
        Assert.Null(engine.Volumes.TryGet(name));
    }

    [Fact]
    public void A_volume_that_a_container_mounts_is_not_removed_and_the_container_is_named()
    {
        engine.Volumes.Create("data", null);
        TestDefinition.Write(engine.Root, "web", new MountSpecification { Kind = MountKind.Volume, Source = "data", Target = "/data" });

        var error = Assert.Throws<CanException>(() => engine.Volumes.Remove("data"));

        Assert.Equal("VolumeInUse", error.ErrorId);
        Assert.Contains("web", error.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(engine.Volumes.PathOf("data")));
    }

    [Fact]
    public void A_bind_mount_of_the_same_name_is_no_use_of_a_volume()
    {
        engine.Volumes.Create("data", null);
        TestDefinition.Write(engine.Root, "web", new MountSpecification { Kind = MountKind.Bind, Source = "data", Target = "/data" });

        engine.Volumes.Remove("data");
        Assert.Null(engine.Volumes.TryGet("data"));
    }

    [Fact]
    public void A_truncated_record_is_an_error_that_names_the_file()
    {
        engine.Volumes.Create("data", null);
        var path = $"{engine.Root.State}/volumes/data/volume.json";
        File.WriteAllText(path, "{ \"name\"");

        Assert.Equal(path, Assert.Throws<CanException>(() => engine.Volumes.TryGet("data")).Target);
        Assert.Equal("StoreCorrupt", Assert.Throws<CanException>(() => engine.Volumes.List()).ErrorId);
    }

    [Fact]
    public void A_root_that_was_never_used_has_no_volumes()
    {
        Assert.Empty(engine.Volumes.List());
        Assert.Null(engine.Volumes.TryGet("data"));
        Assert.False(Directory.Exists(engine.Root.State));
    }
}
