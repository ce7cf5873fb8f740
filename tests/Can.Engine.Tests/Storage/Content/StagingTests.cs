using Can.Engine.Storage;
using Can.Engine.Storage.Content;

namespace Can.Engine.Tests.Storage.Content;

public sealed class StagingTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly ContentStore store;

    public StagingTests()
    {
        var root = CanRoot.At(directory["can"]);
        store = new ContentStore(root, new Trash(root));
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public void What_is_published_is_in_the_store_and_the_rest_is_gone()
    {
        Digest kept, dropped;
        using (var staging = store.Begin(default))
        {
            kept = staging.AddBlob("kept"u8);
            staging.Sync();
            using (store.Lock(default))
            {
                staging.Publish();
            }

            dropped = staging.AddBlob("dropped"u8);
            Assert.NotNull(staging.Find(dropped));
        }

        Assert.Equal([kept], store.Blobs.List());
        Assert.Equal("kept"u8.ToArray(), store.Blobs.Read(kept, 100));
        Assert.Equal(4, store.Blobs.SizeOf(kept));
        Assert.False(store.Blobs.Exists(dropped));
    }

    [Fact]
    public void A_layer_is_published_with_its_record_and_a_second_one_changes_nothing()
    {
        var diffId = new string('a', 64);
        Publish(diffId, "first");
        Publish(diffId, "second");

        Assert.Equal([diffId], store.Layers.List());
        Assert.Equal("first", File.ReadAllText($"{store.Layers.PathOf(diffId)}/root/file"));
        Assert.Equal(5, store.Layers.TryRead(diffId)!.Size);
    }

    [Fact]
    public void What_is_pinned_is_not_collected_before_the_staging_ends()
    {
        var diffId = new string('a', 64);
        Publish(diffId, "text");
        Digest blob;
        using (var staging = store.Begin(default))
        {
            blob = staging.AddBlob("blob"u8);
            Publish(staging);
        }

        using (var staging = store.Begin(default))
        {
            Assert.True(staging.TryPin(blob, default));
            Assert.True(staging.TryPinLayer(diffId, default));
            Assert.False(staging.TryPin(Digest.Of("other"u8), default));
            Assert.False(staging.TryPinLayer(new string('b', 64), default));

            Assert.Empty(Collect());
            Assert.True(store.Blobs.Exists(blob) && store.Layers.Exists(diffId));
        }

        Assert.Single(Collect());
        Assert.False(store.Blobs.Exists(blob) || store.Layers.Exists(diffId));
    }

    [Fact]
    public void A_blob_that_has_been_changed_is_told_from_one_that_is_missing()
    {
        Digest blob;
        using (var staging = store.Begin(default))
        {
            blob = staging.AddBlob("right"u8);
            Publish(staging);
        }

        Assert.Contains("more than", Assert.Throws<CanException>(() => store.Blobs.Read(blob, 4)).Message, StringComparison.Ordinal);
        File.WriteAllText(store.Blobs.PathOf(blob), "wrong");
        var changed = Assert.Throws<CanException>(() => store.Blobs.Read(blob, 100));
        Assert.Equal(("StoreCorrupt", store.Blobs.PathOf(blob)), (changed.ErrorId, changed.Target));
        File.Delete(store.Blobs.PathOf(blob));
        Assert.Contains("missing", Assert.Throws<CanException>(() => store.Blobs.Read(blob, 100)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stagings_and_collections_at_once_never_make_a_hole()
    {
        var diffId = new string('a', 64);
        using var end = new CancellationTokenSource();
        var collecting = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                Collect().ForEach(Tree.Remove);
            }
        });
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using var staging = store.Begin(default);
            if (!staging.TryPinLayer(diffId, default))
            {
                Fill(staging, diffId, "text");
            }

            using (store.Lock(default))
            {
                staging.Publish();
                Assert.True(store.Layers.Exists(diffId));
            }
        });

        await end.CancelAsync();
        await collecting;
    }

    private static void Fill(Staging staging, string diffId, string text)
    {
        var layer = staging.NewLayer();
        File.WriteAllText($"{layer.Root}/file", text);
        staging.AddLayer(layer, diffId, new LayerRecord { Size = text.Length, Entries = 1 });
    }

    private void Publish(string diffId, string text)
    {
        using var staging = store.Begin(default);
        Fill(staging, diffId, text);
        Publish(staging);
    }

    private void Publish(Staging staging)
    {
        staging.Sync();
        using (store.Lock(default))
        {
            staging.Publish();
        }
    }

    private List<string> Collect()
    {
        using (store.Lock(default))
        {
            return store.TakeUnreachable([], []);
        }
    }
}
