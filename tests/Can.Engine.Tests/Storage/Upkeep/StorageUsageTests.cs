using Can.Engine.Containers;
using Can.Engine.Images;
using Can.Engine.Images.Registries.Transfer;
using Can.Engine.Storage.Content;
using Can.Engine.Storage.Upkeep;
using Can.Engine.Tests.Images;

namespace Can.Engine.Tests.Storage.Upkeep;

/// <summary>What takes room, and what of it nobody needs.</summary>
public sealed class StorageUsageTests : IDisposable
{
    private static readonly HashSet<string> Nothing = [];

    private readonly EngineFixture fixture = new();
    private readonly TemporaryDirectory directory = new();

    public StorageUsageTests() => directory.Shell("mkdir t; head -c 300000 /dev/urandom > t/file; tar -cf top.tar -C t file");

    private StorageService Storage => fixture.Engine.Storage;

    public void Dispose()
    {
        fixture.Dispose();
        directory.Dispose();
    }

    [RootFact]
    public void A_layer_that_images_share_counts_once()
    {
        var before = Usage(StorageKind.Image);
        Store("one", "1");
        var one = Usage(StorageKind.Image);
        Store("two", "2");
        var two = Usage(StorageKind.Image);

        Assert.Equal((1, 0), (before.Count, before.Active));
        Assert.Equal(before.Size, before.Reclaimable);
        Assert.True(one.Size - before.Size > 600_000, "a blob and its files are there");
        Assert.True(two.Size - one.Size < 100_000, "only a manifest and a configuration have come");
        Assert.Equal(3, two.Count);
    }

    [RootFact]
    public void What_a_container_has_is_in_use()
    {
        Store("one", "1");
        var container = fixture.Containers.Create(fixture.Script("head -c 200000 /dev/urandom > /file") with { Mounts = [Volume("data")] }, start: false, default);
        fixture.Engine.Volumes.Create("unused", null);
        File.WriteAllBytes($"{fixture.Engine.Volumes.PathOf("unused")}/file", new byte[100_000]);

        var usage = Storage.Measure(default).ToDictionary(kind => kind.Kind);

        Assert.Equal((2, 1), (usage[StorageKind.Image].Count, usage[StorageKind.Image].Active));
        Assert.InRange(usage[StorageKind.Image].Reclaimable, 600_000, usage[StorageKind.Image].Size - 1_000_000);
        Assert.Equal((1, 0), (usage[StorageKind.Container].Count, usage[StorageKind.Container].Active));
        Assert.Equal((2, 1), (usage[StorageKind.Volume].Count, usage[StorageKind.Volume].Active));
        Assert.InRange(usage[StorageKind.Volume].Reclaimable, 100_000, usage[StorageKind.Volume].Size - 1);

        fixture.Containers.Start(container.Id, default);
        fixture.WaitExited(container);
        Assert.True(Usage(StorageKind.Container).Size > 200_000);
    }

    [RootFact]
    public void Only_what_nobody_needs_is_unused()
    {
        Store("one", "1");
        var nameless = Store(null, "2");
        var ended = fixture.RunToEnd("true");
        var running = fixture.StartSleeper();
        fixture.Engine.Volumes.Create("named", null);
        var anonymous = fixture.Engine.Volumes.Create(null, null, anonymous: true);

        Assert.Equal([ended.Id], Ids(StorageKind.Container));
        Assert.Equal([nameless.Id], Ids(StorageKind.Image));
        Assert.Equal([anonymous.Name], Ids(StorageKind.Volume));
        Assert.Equal(new[] { nameless.Id, fixture.Engine.Images.Get("one").Id }.Order(), Ids(StorageKind.Image, all: true).Order());
        Assert.Equal(new[] { anonymous.Name, "named" }.Order(), Ids(StorageKind.Volume, all: true).Order());
        Assert.DoesNotContain(running.ImageId, Ids(StorageKind.Image, all: true));
    }

    [RootFact]
    public void What_only_a_container_that_goes_needs_goes_too()
    {
        var container = fixture.Containers.Create(
            fixture.Options("true") with { Mounts = [Volume("data"), new MountSpecification { Kind = MountKind.Volume, Target = "/anonymous" }] }, start: false, default);
        HashSet<string> gone = [container.Id];

        Assert.Equal([container.ImageId], Storage.FindUnused(StorageKind.Image, true, gone, default).Select(item => item.Id));

        // The anonymous one goes with the container, and is not listed twice.
        Assert.Equal(["data"], Storage.FindUnused(StorageKind.Volume, true, gone, default).Select(item => item.Name));
    }

    [RootFact]
    public void The_sizes_of_what_was_removed_are_what_is_missing_then()
    {
        Store("one", "1");
        Store("two", "2");
        var before = Usage(StorageKind.Image).Size;

        var items = Storage.FindUnused(StorageKind.Image, true, Nothing, default);
        foreach (var item in items)
        {
            Storage.Remove(item, default);
        }

        Assert.Equal(3, items.Count);
        Assert.Empty(fixture.Engine.Images.List());
        Assert.Equal(0, Usage(StorageKind.Image).Size);
        Assert.Equal(before, items.Sum(item => item.Size));
    }

    [RootFact]
    public void What_a_killed_operation_left_is_found_and_removed()
    {
        _ = fixture.Engine;
        var left = $"{fixture.Root.State}/staging/{Guid.NewGuid():n}";
        Directory.CreateDirectory(left);
        File.WriteAllBytes($"{left}/lock", []);
        File.WriteAllBytes($"{left}/half", new byte[50_000]);

        var item = Assert.Single(Storage.FindUnused(StorageKind.Image, false, Nothing, default));
        Storage.Remove(item, default);

        Assert.True(item.Size > 50_000);
        Assert.False(Directory.Exists(left));
        Assert.Empty(Storage.FindUnused(StorageKind.Image, false, Nothing, default));
    }

    [RootFact]
    public void A_download_under_way_is_left_alone()
    {
        _ = fixture.Engine;
        Directory.CreateDirectory($"{fixture.Root.State}/downloads");
        File.WriteAllBytes($"{fixture.Root.State}/downloads/idle", new byte[10_000]);
        var digest = Digest.Of("busy"u8);
        File.WriteAllBytes($"{fixture.Root.State}/downloads/{digest.Hex}", new byte[10_000]);
        using var held = DownloadFile.OpenAsync($"{fixture.Root.State}/downloads", digest, default).Result;

        var usage = Usage(StorageKind.Download);
        var item = Assert.Single(Storage.FindUnused(StorageKind.Download, false, Nothing, default));
        Storage.Remove(item, default);
        Storage.Remove(item with { Name = digest.Hex, Id = digest.Hex }, default);

        Assert.Equal((2, 1), (usage.Count, usage.Active));
        Assert.Equal("idle", item.Name);
        Assert.Equal([digest.Hex], Directory.GetFiles($"{fixture.Root.State}/downloads").Select(Path.GetFileName));
    }

    private static MountSpecification Volume(string name) => new() { Kind = MountKind.Volume, Source = name, Target = "/data" };

    private StorageUsage Usage(StorageKind kind) => Storage.Measure(default).Single(usage => usage.Kind == kind);

    private IEnumerable<string> Ids(StorageKind kind, bool all = false) => Storage.FindUnused(kind, all, Nothing, default).Select(item => item.Id);

    /// <summary>An image of a layer that all of them share.</summary>
    private Image Store(string? reference, string author) =>
        HandMadeImage.Store(fixture.Engine, reference is null ? [] : [reference], $"\"author\":\"{author}\"", directory["top.tar"]);
}
