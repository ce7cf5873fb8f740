using Can.Engine.Images;

namespace Can.Engine.Tests.Images;

/// <summary>What other programs write of an image of three layers with whiteouts comes in as the same image.</summary>
public sealed class ImportWitnessTests : IDisposable
{
    private readonly ImageRoot root = new();
    private readonly ImageArchive archive;

    public ImportWitnessTests()
    {
        archive = new ImageArchive(root);
        archive.WriteLayout("layout", "team/app:1");
    }

    public void Dispose() => root.Dispose();

    [PeerTheory("skopeo")]
    [InlineData("oci")]
    [InlineData("oci-archive")]
    [InlineData("docker-archive")]
    public void Skopeo(string format)
    {
        root.Directory.Shell($"skopeo --insecure-policy copy -q oci:layout:team/app:1 {format}:copy:team/app:1");

        var image = Import("copy");

        AssertSame(image, ["team/app:1"]);
        if (format != "docker-archive")
        {
            // Skopeo compresses what was not, so it is another manifest than the one it read.
            Assert.Equal(root.Directory.Shell($"skopeo inspect --format '{{{{.Digest}}}}' {format}:copy:team/app:1").Trim(), image.Digest);
        }
    }

    [PeerTheory("podman", "skopeo")]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public void Podman(string format)
    {
        using var podman = new PodmanStore(root);
        root.Directory.Shell($"{podman} load -q -i oci.tar; {podman} save -q --format {format} -o copy localhost/team/app:1");

        AssertSame(Import("copy"), ["localhost/team/app:1"]);
    }

    [PeerFact("podman")]
    public void Podman_with_several_images()
    {
        using var podman = new PodmanStore(root);
        root.Directory.Shell($"{podman} load -q -i oci.tar; {podman} tag localhost/team/app:1 localhost/team/app:2; {podman} save -q -m -o copy localhost/team/app:1 localhost/team/app:2");

        AssertSame(Import("copy"), ["localhost/team/app:1", "localhost/team/app:2"]);
    }

    [PeerFact("docker")]
    public void Docker()
    {
        var name = $"can-test-{Guid.NewGuid():n}:1";
        archive.WriteDocker("docker.tar", name);
        root.Directory.Shell("docker load -q -i docker.tar");
        try
        {
            root.Directory.Shell($"docker save -o copy {name}; docker save {name} | gzip > copy.gz");
            AssertSame(Import("copy"), [name]);
            AssertSame(Import("copy.gz"), [name]);
        }
        finally
        {
            root.Directory.Shell($"docker rmi {name}");
        }
    }

    [PeerFact("umoci")]
    public void Umoci()
    {
        root.Directory.Shell(
            "umoci init --layout made; umoci new --image made:1; umoci unpack --image made:1 bundle; echo text > bundle/rootfs/file; mkdir bundle/rootfs/gone; "
            + "umoci repack --refresh-bundle --image made:1 bundle; rm -r bundle/rootfs/gone; umoci repack --image made:1 bundle");

        var image = Import("made");

        Assert.Equal(2, image.Layers.Count);
        Assert.Equal("text\n", File.ReadAllText($"{root.Engine.Root.LayerRoot(image.Layers[0])}/file"));
        Assert.Equal("character special file 0:0\n", root.Directory.Shell($"stat -c '%F %t:%T' '{root.Engine.Root.LayerRoot(image.Layers[1])}/gone'"));
    }

    private Image Import(string file) => Assert.Single(root.Engine.Images.Import(root.Directory[file], null, null, default));

    private void AssertSame(Image image, string[] references)
    {
        Assert.Equal(archive.Id, image.Id);
        Assert.Equal(references, image.References);
        Assert.Equal("upper", File.ReadAllText($"{root.Engine.Root.LayerRoot(image.Layers[1])}/file"));
        Assert.Empty(root.Engine.Storage.Check(deep: true, null, default));
    }

    /// <summary>Podman with a store of the test's own.</summary>
    private sealed class PodmanStore : IDisposable
    {
        private readonly ImageRoot root;

        public PodmanStore(ImageRoot root)
        {
            this.root = root;
            root.Directory.Shell("tar -cf oci.tar -C layout .");
        }

        public override string ToString() => "podman --root podman --runroot run --storage-driver vfs";

        public void Dispose() => root.Directory.Shell($"{this} rmi -a -f; rm -rf podman run");
    }
}
