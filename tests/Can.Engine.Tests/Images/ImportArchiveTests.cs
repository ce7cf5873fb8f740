using System.Diagnostics;
using Can.Engine.Images;
using static Can.Engine.Tests.Images.ImageRoot;

namespace Can.Engine.Tests.Images;

/// <summary>Archives and layouts as other tools write them.</summary>
public sealed class ImportArchiveTests : IDisposable
{
    private readonly ImageRoot root = new();
    private readonly ImageArchive archive;

    public ImportArchiveTests() => archive = new ImageArchive(root);

    private ImageService Images => root.Engine.Images;

    public void Dispose() => root.Dispose();

    [Theory]
    [InlineData("oci.tar")]
    [InlineData("oci.tar.gz")]
    [InlineData("oci.tar.zst")]
    [InlineData("oci.tar.xz")]
    [InlineData("layout")]
    public void An_OCI_archive_or_layout_keeps_its_manifest_and_its_references(string file)
    {
        archive.WriteLayout("layout", "team/app:1", "team/app:2");
        root.Directory.Shell("tar -cf oci.tar -C layout . ; gzip -k oci.tar; zstd -qk oci.tar; xz -k0 oci.tar");

        var image = Assert.Single(Import(file));

        Assert.Equal(archive.ManifestDigest, image.Digest);
        Assert.Equal(archive.Id, image.Id);
        Assert.Equal(["team/app:1", "team/app:2"], image.References);
        AssertFiles(image);
    }

    [Theory]
    [InlineData("docker.tar")]
    [InlineData("docker.tar.gz")]
    [InlineData("links.tar")]
    public void A_docker_archive_keeps_its_configuration_and_its_references(string file)
    {
        archive.WriteDocker("docker.tar", "busybox:peer", "docker.io/library/other:1");
        archive.WriteDockerWithLinks("links.tar", "busybox:peer", "other:1");
        root.Directory.Shell("gzip -k docker.tar");

        var image = Assert.Single(Import(file));

        Assert.Equal(archive.Id, image.Id);
        Assert.Equal(["busybox:peer", "other:1"], image.References);
        AssertFiles(image);
    }

    [Theory]
    [InlineData("docker.tar")]
    [InlineData("docker-gzip.tar")]
    [InlineData("oci.tar")]
    [InlineData("root.tar")]
    public void A_pipe_gives_the_same_image_as_the_file(string file)
    {
        archive.WriteDocker("docker.tar", "a:1");
        archive.WriteLayout("layout", "a:1");
        root.Directory.Shell("tar -cf oci.tar -C layout oci-layout index.json blobs; cp lower root.tar; gzip -c docker.tar > docker-gzip.tar; mkfifo pipe");
        using var writer = Process.Start("/bin/sh", ["-c", $"cat '{root.Directory[file]}' > '{root.Directory["pipe"]}'"]);

        var piped = Assert.Single(Import("pipe"));
        writer.WaitForExit();

        Assert.Equal(0, writer.ExitCode);
        Assert.Equal(piped.Id, Assert.Single(Import(file)).Id);
        using var stream = File.OpenRead(root.Directory[file]);
        Assert.Equal(piped.Id, Assert.Single(Images.Import(stream, null, null, default)).Id);
        Assert.Single(Images.List());
    }

    [Fact]
    public void Several_images_of_one_archive_share_their_layers()
    {
        archive.WriteDocker("docker.tar", ["a:1"], ["b:1"]);

        var images = Import("docker.tar");

        Assert.Equal(["a:1", "b:1"], images.Select(image => image.References.Single()));
        Assert.Equal(images[0].Layers, images[1].Layers);
        Assert.Equal("ImageNotSingle", Assert.Throws<CanException>(() => Import("docker.tar", new() { Reference = "x" })).ErrorId);
    }

    [Fact]
    public void A_given_reference_replaces_those_of_the_archive()
    {
        archive.WriteDocker("docker.tar", "a:1", "b:1");

        Assert.Equal(["mine:latest"], Assert.Single(Import("docker.tar", new() { Reference = "mine" })).References);
    }

    [Fact]
    public void An_image_in_an_archive_has_a_configuration_of_its_own()
    {
        archive.WriteDocker("docker.tar", "a:1");

        Assert.Equal("ConfigurationNotApplicable", Assert.Throws<CanException>(() => Import("docker.tar", new() { Configuration = new() })).ErrorId);
    }

    [Theory]
    [InlineData("oci.tar", false)]
    [InlineData("oci.tar", true)]
    [InlineData("layout", false)]
    public void Of_several_platforms_this_machines_is_taken_and_nothing_of_the_others_stays(string file, bool piped)
    {
        archive.WritePlatforms("layout", ["linux/s390x", ImageArchive.Here, "windows/amd64"]);
        root.Directory.Shell("tar -cf oci.tar -C layout oci-layout index.json blobs");

        var image = Assert.Single(piped ? Images.Import(File.OpenRead(root.Directory[file]), null, null, default) : Import(file));

        Assert.Equal(ImageArchive.Here, image.Platform);
        Assert.Equal(2, Images.Content.Layers.List().Count());
        Assert.Equal(4, Images.Content.Blobs.List().Count());
    }

    [Fact]
    public void A_platform_that_is_not_there_is_an_error_that_lists_those_that_are()
    {
        archive.WritePlatforms("layout", ["linux/s390x", "windows/amd64"]);

        var error = root.ImportFails("layout");

        Assert.Equal("PlatformNotFound", error.ErrorId);
        Assert.Contains("linux/s390x, windows/amd64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_store_has_is_not_read_again()
    {
        archive.WriteDocker("docker.tar", "a:1");
        archive.WriteLayout("layout", "a:1");
        Import("docker.tar");
        Import("layout");

        // Only layers that are not read can be empty without anybody noticing.
        archive.EmptyLayers = true;
        archive.WriteDocker("again.tar", "b:1");
        archive.ForgetLayers("layout");

        Assert.Contains("b:1", Assert.Single(Import("again.tar")).References);
        Assert.Contains("a:1", Assert.Single(Import("layout")).References);
    }

    [Theory]
    [InlineData("DigestMismatch", "blobs/sha256/LAYER", "flip")]
    [InlineData("DigestMismatch", "blobs/sha256/CONFIG", "flip")]
    [InlineData("DigestMismatch", "blobs/sha256/MANIFEST", "flip")]
    [InlineData("BlobTruncated", "blobs/sha256/LAYER", "cut")]
    [InlineData("SizeMismatch", "blobs/sha256/LAYER", "longer")]
    [InlineData("BlobTruncated", "blobs/sha256/MANIFEST", "cut")]
    [InlineData("ImageCorrupt", "blobs/sha256/LAYER", "remove")]
    [InlineData("ImageCorrupt", "blobs/sha256/CONFIG", "remove")]
    [InlineData("ImageCorrupt", "index.json", "cut")]
    [InlineData("ImageCorrupt", "index.json", "huge")]
    [InlineData("ImageCorrupt", "index.json", "deep")]
    public void A_damaged_archive_is_refused_whole(string id, string file, string how)
    {
        archive.WriteLayout("layout", "a:1");
        archive.Damage("layout", file, how);
        root.Directory.Shell("tar -cf oci.tar -C layout oci-layout index.json blobs");

        Assert.Equal(id, root.ImportFails("oci.tar").ErrorId);
        Assert.Equal(id, root.ImportFails("layout").ErrorId);
        using var stream = File.OpenRead(root.Directory["oci.tar"]);
        var error = Assert.Throws<CanException>(() => Images.Import(stream, null, null, default));
        Assert.Equal(CanErrorCategory.InvalidData, error.Category);
        root.AssertEmpty();
    }

    [Fact]
    public void A_wrong_diff_id_is_refused()
    {
        archive.SwapDiffIds = true;
        archive.WriteLayout("layout", "a:1");
        archive.WriteDocker("docker.tar", "a:1");

        Assert.Equal("DiffIdMismatch", root.ImportFails("layout").ErrorId);
        Assert.Equal("DigestMismatch", root.ImportFails("docker.tar").ErrorId); // not compressed, one is the other
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("""[{"Config":"../../etc/passwd","Layers":[]}]""")]
    [InlineData("""[{"Config":"c.json","Layers":["x"]}]""")]
    [InlineData("""[{"Config":"c.json","Layers":[null]}]""")]
    public void An_archive_without_an_image_is_refused(string manifest)
    {
        root.WriteTar("docker.tar", Text("manifest.json", manifest), Text("c.json", """{"rootfs":{"type":"layers","diff_ids":[]}}"""));

        Assert.Equal("ImageCorrupt", root.ImportFails("docker.tar").ErrorId);
    }

    [Fact]
    public void An_import_from_a_pipe_that_says_nothing_can_be_stopped()
    {
        root.Directory.Shell("mkfifo pipe");
        using var silent = Process.Start("/bin/sh", ["-c", $"exec sleep 1000 > '{root.Directory["pipe"]}'"]);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        try
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Images.Import(root.Directory["pipe"], null, null, source.Token));
            root.AssertEmpty();
        }
        finally
        {
            silent.Kill();
        }
    }

    [Fact]
    public void A_bomb_is_stopped_by_the_limit()
    {
        root.Directory.Shell("truncate -s 200M zeros; tar -cf - zeros | gzip -1 > bomb.tar.gz");

        Assert.Equal("ImageTooLarge", Assert.Throws<CanException>(() => Import("bomb.tar.gz", new() { MaximumSize = 100_000_000 })).ErrorId);
        root.AssertEmpty();
    }

    private IReadOnlyList<Image> Import(string file, ImportOptions? options = null) => Images.Import(root.Directory[file], options, null, default);

    private void AssertFiles(Image image)
    {
        Assert.Equal(2, image.Layers.Count);
        Assert.Equal("upper", File.ReadAllText($"{root.Engine.Root.LayerRoot(image.Layers[1])}/file"));
    }
}
