using System.Text.Json;
using Can.Engine.Images;
using Can.Engine.Storage.Content;
using static Can.Engine.Tests.Images.ImageRoot;

namespace Can.Engine.Tests.Images.Exporting;

/// <summary>What an export writes, and what it leaves when it fails.</summary>
public sealed class ExportTests : IDisposable
{
    private const ImageArchiveFormat Docker = ImageArchiveFormat.DockerArchive;

    private readonly ImageRoot root = new();
    private readonly Image image;

    public ExportTests()
    {
        root.WriteTar("base.tar", Folder("bin"), Text("bin/tool", "base"), Text("etc", "base"));
        root.WriteTar("top.tar", Text("bin/other", "top"), Text(".wh.etc", ""));
        root.Directory.Shell("gzip -n < top.tar > top.gz");
        image = HandMadeImage.Store(
            root.Engine, ["app:1", "registry.example:5000/team/app:2"], "\"config\":{\"Cmd\":[\"tool\"]}", root.Directory["base.tar"], root.Directory["top.gz"]);
    }

    public void Dispose() => root.Dispose();

    [RootTheory]
    [InlineData(ImageArchiveFormat.OciArchive)]
    [InlineData(ImageArchiveFormat.OciDirectory)]
    public void An_OCI_layout_holds_the_blobs_byte_for_byte(ImageArchiveFormat format)
    {
        Export("out", format, image.Id);

        var layout = Layout("out", format);
        var entries = Json($"{layout}/index.json").GetProperty("manifests").EnumerateArray().ToList();
        Assert.Equal(image.Digest, Assert.Single(entries.Select(entry => entry.GetProperty("digest").GetString()).Distinct()));
        Assert.Equal(
            ["docker.io/library/app:1", "registry.example:5000/team/app:2"],
            entries.Select(entry => entry.GetProperty("annotations").GetProperty("org.opencontainers.image.ref.name").GetString()));
        AssertSameFiles($"{root.Engine.Root.State}/images/blobs/sha256", $"{layout}/blobs/sha256");
    }

    [RootFact]
    public void A_Docker_archive_holds_plain_layers_and_says_where_they_are()
    {
        Export("out", Docker, image.Id);

        var layout = Layout("out", Docker);
        var item = Assert.Single(Json($"{layout}/manifest.json").EnumerateArray().ToList());
        Assert.Equal($"blobs/sha256/{image.Id}", item.GetProperty("Config").GetString());
        Assert.Equal(["docker.io/library/app:1", "registry.example:5000/team/app:2"], Texts(item.GetProperty("RepoTags")));
        Assert.Equal(image.Layers.Select(layer => $"blobs/sha256/{layer}"), Texts(item.GetProperty("Layers")));
        Assert.Equal(root.Directory.Shell("sha256sum < top.tar").Split(' ')[0], image.Layers[1]);
        AssertBlobsAreWhatTheirNamesSay(layout);
    }

    [RootFact]
    public void A_Docker_archive_of_plain_layers_keeps_the_digest()
    {
        var plain = HandMadeImage.Store(root.Engine, ["plain"], "", root.Directory["base.tar"], root.Directory["top.tar"]);

        Export("out", Docker, "plain");

        var entry = Assert.Single(Json($"{Layout("out", Docker)}/index.json").GetProperty("manifests").EnumerateArray().ToList());
        Assert.Equal(plain.Digest, entry.GetProperty("digest").GetString());
    }

    [RootFact]
    public void Several_images_share_their_layers_in_one_archive()
    {
        var other = HandMadeImage.Store(root.Engine, [], "", root.Directory["base.tar"]);

        Export("out", Docker, "app:1", other.Id);

        var layout = Layout("out", Docker);
        var items = Json($"{layout}/manifest.json").EnumerateArray().ToList();
        Assert.Equal(["docker.io/library/app:1"], Texts(items[0].GetProperty("RepoTags")));
        Assert.Equal(JsonValueKind.Null, items[1].GetProperty("RepoTags").ValueKind);

        // Two manifests, two configurations, two layers.
        Assert.Equal(6, Directory.GetFiles($"{layout}/blobs/sha256").Length);
        Assert.Equal(6, root.Directory.Shell("tar -tf out | grep -c '[0-9a-f]$'") is var count ? int.Parse(count, null) : 0);
    }

    [RootTheory]
    [InlineData(ImageArchiveFormat.DockerArchive)]
    [InlineData(ImageArchiveFormat.OciArchive)]
    public void The_same_images_give_the_same_bytes_in_a_file_and_in_a_stream(ImageArchiveFormat format)
    {
        Export("first", format, "app:1");
        Export("second", format, "app:1");
        using var stream = new MemoryStream();
        root.Engine.Images.Export(["app:1"], stream, format, null, default);

        Assert.Equal(File.ReadAllBytes(root.Directory["first"]), File.ReadAllBytes(root.Directory["second"]));
        Assert.Equal(File.ReadAllBytes(root.Directory["first"]), stream.ToArray());
    }

    [RootTheory]
    [InlineData(ImageArchiveFormat.DockerArchive)]
    [InlineData(ImageArchiveFormat.OciDirectory)]
    public void What_is_there_stays_unless_it_may_be_replaced(ImageArchiveFormat format)
    {
        Export("out", format, "app:1");
        var before = root.Directory.Shell("tar -cf - out | sha256sum");

        Assert.Equal("FileExists", Fails("out", format, force: false, image.Id).ErrorId);

        Assert.Equal(before, root.Directory.Shell("tar -cf - out | sha256sum"));
        Export("out", format, force: true, image.Id);
        Assert.NotEqual(before, root.Directory.Shell("tar -cf - out | sha256sum"));
        AssertNothingElseIsLeft();
    }

    [RootFact]
    public void What_is_no_archive_and_no_layout_is_never_replaced()
    {
        root.Directory.Shell("mkdir full empty; touch full/precious; ln -s nowhere dangling; mkfifo pipe");

        Assert.Equal("FileExists", Fails("full", ImageArchiveFormat.OciDirectory, force: true, "app:1").ErrorId);
        Assert.Equal("FileExists", Fails("full", Docker, force: true, "app:1").ErrorId);
        Assert.Equal("FileExists", Fails("base.tar", ImageArchiveFormat.OciDirectory, force: true, "app:1").ErrorId);
        Assert.Equal("FileExists", Fails("dangling", Docker, force: false, "app:1").ErrorId);
        Assert.Equal("FileExists", Fails("pipe", Docker, force: true, "app:1").ErrorId);
        Export("empty", ImageArchiveFormat.OciDirectory, "app:1");

        Assert.True(File.Exists(root.Directory["full/precious"]));
        Assert.True(File.Exists(root.Directory["empty/index.json"]));
    }

    [RootFact]
    public void Nothing_is_written_for_an_image_or_into_a_directory_that_is_not_there()
    {
        Assert.Equal("ImageNotFound", Fails("out", Docker, force: false, "app:1", "nosuch").ErrorId);
        Assert.Equal("PathNotFound", Fails("no/such/out", Docker, force: false, "app:1").ErrorId);

        Assert.False(File.Exists(root.Directory["out"]));
        AssertNothingElseIsLeft();
    }

    [RootTheory]
    [InlineData(ImageArchiveFormat.DockerArchive)]
    [InlineData(ImageArchiveFormat.OciArchive)]
    [InlineData(ImageArchiveFormat.OciDirectory)]
    public void A_damaged_layer_is_an_error_and_leaves_nothing(ImageArchiveFormat format)
    {
        var blob = Directory.GetFiles($"{root.Engine.Root.State}/images/blobs/sha256").Single(path => File.ReadAllBytes(path) is [0x1F, 0x8B, ..]);
        using (var file = File.OpenWrite(blob))
        {
            file.Position = file.Length - 6;
            file.WriteByte(0x55);
        }

        Assert.Equal("StoreCorrupt", Fails("out", format, force: false, "app:1").ErrorId);
        AssertNothingElseIsLeft();
    }

    [RootTheory]
    [InlineData(ImageArchiveFormat.DockerArchive)]
    [InlineData(ImageArchiveFormat.OciDirectory)]
    public void A_stopped_export_leaves_nothing(ImageArchiveFormat format)
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(
            () => root.Engine.Images.Export(["app:1"], root.Directory["out"], format, false, new Stopping(stop), stop.Token));

        AssertNothingElseIsLeft();
    }

    [RootTheory]
    [InlineData(ImageArchiveFormat.DockerArchive, false)]
    [InlineData(ImageArchiveFormat.OciArchive, true)]
    [InlineData(ImageArchiveFormat.OciDirectory, true)]
    public void What_was_exported_is_imported_as_the_same(ImageArchiveFormat format, bool sameDigest)
    {
        var other = HandMadeImage.Store(root.Engine, ["plain"], "", root.Directory["base.tar"], root.Directory["top.tar"]);
        Export("out", format, image.Id, other.Id);
        using var elsewhere = new ImageRoot();

        elsewhere.Engine.Images.Import(root.Directory["out"], null, null, default);

        var found = elsewhere.Engine.Images.Get("app:1");
        Assert.Equal(image.Id, found.Id);
        Assert.Equal(image.References, found.References);
        Assert.Equal(image.Layers, found.Layers);
        if (sameDigest)
        {
            Assert.Equal(image.Digest, found.Digest);
        }

        Assert.Equal((other.Id, other.Digest), (elsewhere.Engine.Images.Get("plain").Id, elsewhere.Engine.Images.Get("plain").Digest));
        Assert.Empty(elsewhere.Engine.Storage.Check(deep: true, null, default));
    }

    [RootTheory]
    [InlineData(ImageArchiveFormat.DockerArchive)]
    [InlineData(ImageArchiveFormat.OciArchive)]
    public void An_archive_goes_from_one_store_to_another_without_a_file(ImageArchiveFormat format)
    {
        using var elsewhere = new ImageRoot();
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
        using var end = new System.IO.Pipes.AnonymousPipeClientStream(pipe.GetClientHandleAsString());
        var exporting = Task.Run(() =>
        {
            root.Engine.Images.Export(["app:1"], pipe, format, null, default);
            pipe.Dispose();
        });

        var imported = Assert.Single(elsewhere.Engine.Images.Import(end, null, null, default));

        Assert.True(exporting.Wait(EngineFixture.Patience));
        Assert.Equal((image.Id, "app:1"), (imported.Id, Assert.Single(imported.References)));
    }

    [RootFact]
    public void Progress_ends_at_the_whole()
    {
        var progress = new Recording();
        root.Engine.Images.Export(["app:1"], root.Directory["out"], ImageArchiveFormat.OciDirectory, false, progress, default);

        var size = Directory.GetFiles(root.Directory["out"], "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        Assert.Equal((size, size), progress.Last);
    }

    private void Export(string file, ImageArchiveFormat format, params string[] images) => Export(file, format, false, images);

    private void Export(string file, ImageArchiveFormat format, bool force, params string[] images) =>
        root.Engine.Images.Export(images, root.Directory[file], format, force, null, default);

    private CanException Fails(string file, ImageArchiveFormat format, bool force, params string[] images) =>
        Assert.Throws<CanException>(() => Export(file, format, force, images));

    /// <summary>The directory of a layout, unpacked if it is an archive.</summary>
    private string Layout(string file, ImageArchiveFormat format)
    {
        if (format != ImageArchiveFormat.OciDirectory)
        {
            root.Directory.Shell($"mkdir {file}.d; tar -xf {file} -C {file}.d");
            file += ".d";
        }

        return root.Directory[file];
    }

    private static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(text => text.GetString());

    private static void AssertBlobsAreWhatTheirNamesSay(string layout) =>
        Assert.All(Directory.GetFiles($"{layout}/blobs/sha256"), path => Assert.Equal(Path.GetFileName(path), Digest.Of(File.ReadAllBytes(path)).Hex));

    private static void AssertSameFiles(string expected, string actual) => Assert.Equal(
        Directory.GetFiles(expected).Order().Select(path => (Path.GetFileName(path), Digest.Of(File.ReadAllBytes(path)))),
        Directory.GetFiles(actual).Order().Select(path => (Path.GetFileName(path), Digest.Of(File.ReadAllBytes(path)))));

    /// <summary>No temporary file is left beside where the export would have been.</summary>
    private void AssertNothingElseIsLeft() => Assert.Empty(Directory.GetFileSystemEntries(root.Directory.Path, ".*"));

    private sealed class Stopping(CancellationTokenSource stop) : IProgress<(long Done, long Total)>
    {
        public void Report((long Done, long Total) value) => stop.Cancel();
    }

    private sealed class Recording : IProgress<(long Done, long Total)>
    {
        public (long Done, long Total) Last { get; private set; }

        public void Report((long Done, long Total) value) => Last = value;
    }
}
