using Can.Engine.Images;
using static Can.Engine.Tests.Images.ImageRoot;

namespace Can.Engine.Tests.Images.Exporting;

/// <summary>What is exported, others read: the image has the same Id there, the same names, and in OCI formats the same digest.</summary>
public sealed class ExportWitnessTests : IDisposable
{
    private readonly ImageRoot root = new();
    private readonly string repository = $"can-witness-{Guid.NewGuid():n}";
    private readonly Image image;

    public ExportWitnessTests()
    {
        root.WriteTar("base.tar", Folder("bin"), Text("bin/tool", "base"), Text("gone", "base"));
        root.WriteTar("top.tar", Text("bin/other", "top"), Text(".wh.gone", ""));
        root.Directory.Shell("gzip -n < top.tar > top.gz");
        image = HandMadeImage.Store(
            root.Engine, [$"{repository}:1", $"{repository}:2"], "\"config\":{\"Cmd\":[\"/bin/tool\"]}", root.Directory["base.tar"], root.Directory["top.gz"]);
    }

    private string FullName => $"docker.io/library/{repository}:1";

    public void Dispose() => root.Dispose();

    [PeerTheory("skopeo")]
    [InlineData(ImageArchiveFormat.OciArchive, "oci-archive:out")]
    [InlineData(ImageArchiveFormat.OciDirectory, "oci:out")]
    public void Skopeo_finds_the_same_manifest_in_an_OCI_layout(ImageArchiveFormat format, string source)
    {
        Export("out", format, $"{repository}:1");

        Assert.Equal(image.Digest, $"sha256:{Sha256($"skopeo inspect --raw {source}")}");
        Assert.Equal(image.Id, Sha256($"skopeo inspect --config --raw {source}:{FullName}"));
        root.Directory.Shell($"skopeo copy -q {source} dir:copied");
        Assert.Equal(image.Digest, $"sha256:{Sha256("cat copied/manifest.json")}");
    }

    [PeerFact("skopeo")]
    public void Skopeo_copies_a_Docker_archive_and_gets_the_same_configuration()
    {
        Export("out", ImageArchiveFormat.DockerArchive, $"{repository}:1");
        Export("both", ImageArchiveFormat.DockerArchive, image.Id);

        Assert.Equal(image.Id, Sha256("skopeo inspect --config --raw docker-archive:out"));
        Assert.Equal(image.Id, Sha256("skopeo inspect --config --raw oci-archive:out"));
        Assert.Equal(image.Id, Sha256($"skopeo inspect --config --raw docker-archive:both:{repository}:2"));
        root.Directory.Shell("skopeo copy -q docker-archive:out oci:copied:x");
        Assert.Equal(image.Id, Sha256("skopeo inspect --config --raw oci:copied:x"));
    }

    [PeerTheory("skopeo", "podman")]
    [InlineData(ImageArchiveFormat.OciArchive)]
    [InlineData(ImageArchiveFormat.DockerArchive)]
    public void An_image_with_Dockers_own_media_types_is_read_by_others_too(ImageArchiveFormat format)
    {
        var docker = HandMadeImage.StoreDocker(root.Engine, [$"{repository}:docker"], root.Directory["top.gz"]);
        Export("out", format, $"{repository}:docker");

        Assert.Equal(docker.Id, Sha256("skopeo inspect --config --raw oci-archive:out"));
        Podman("load -q -i out");

        Assert.Equal($"docker.io/library/{repository}:docker sha256:{docker.Id}", Podman("images --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}'").Trim());
        if (format == ImageArchiveFormat.OciArchive)
        {
            Assert.Equal(docker.Digest, $"sha256:{Sha256("skopeo inspect --raw oci-archive:out")}");
        }
    }

    [PeerTheory("umoci")]
    [InlineData(ImageArchiveFormat.OciDirectory)]
    [InlineData(ImageArchiveFormat.OciArchive)]
    [InlineData(ImageArchiveFormat.DockerArchive)]
    public void Umoci_unpacks_it(ImageArchiveFormat format)
    {
        Export("out", format, $"{repository}:1");
        if (format != ImageArchiveFormat.OciDirectory)
        {
            root.Directory.Shell("mv out archive; mkdir out; tar -xf archive -C out");
        }

        root.Directory.Shell($"umoci unpack --image out:{FullName} bundle");

        Assert.Equal(["bin"], Directory.GetFileSystemEntries(root.Directory["bundle/rootfs"]).Select(Path.GetFileName));
        Assert.Equal("base", File.ReadAllText(root.Directory["bundle/rootfs/bin/tool"]));
        Assert.Equal("top", File.ReadAllText(root.Directory["bundle/rootfs/bin/other"]));
    }

    [PeerTheory("podman")]
    [InlineData(ImageArchiveFormat.OciArchive)]
    [InlineData(ImageArchiveFormat.DockerArchive)]
    public void Podman_loads_an_archive_under_its_name(ImageArchiveFormat format)
    {
        Export("out", format, $"{repository}:1");

        Podman("load -q -i out");

        Assert.Equal($"{FullName} sha256:{image.Id}", Podman("images --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}'").Trim());
        if (format == ImageArchiveFormat.OciArchive)
        {
            Assert.Equal(image.Digest, Podman("images --format '{{.Digest}}'").Trim());
        }
    }

    /// <summary>It names it after the directory.</summary>
    [PeerFact("podman")]
    public void Podman_pulls_from_a_directory()
    {
        Export("out", ImageArchiveFormat.OciDirectory, $"{repository}:1");

        Podman($"pull -q oci:out:{FullName}");

        Assert.Equal($"sha256:{image.Id} {image.Digest}", Podman("images --no-trunc --format '{{.ID}} {{.Digest}}'").Trim());
    }

    [PeerFact("podman")]
    public void Podman_loads_several_images_and_names_from_a_Docker_archive()
    {
        var other = HandMadeImage.Store(root.Engine, [$"registry.example:5000/{repository}/other:1"], "", root.Directory["base.tar"]);
        Export("out", ImageArchiveFormat.DockerArchive, image.Id, other.Id);

        Podman("load -q -i out");

        Assert.Equal(
            [
                $"docker.io/library/{repository}:1 sha256:{image.Id}",
                $"docker.io/library/{repository}:2 sha256:{image.Id}",
                $"registry.example:5000/{repository}/other:1 sha256:{other.Id}",
            ],
            Podman("images --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}'").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [PeerFact("docker")]
    public void Docker_loads_a_Docker_archive()
    {
        Export("out", ImageArchiveFormat.DockerArchive, image.Id);
        try
        {
            root.Directory.Shell("docker load -q -i out");

            var found = root.Directory.Shell("docker image inspect --format '{{.Id}} {{.RepoTags}}' " + $"{repository}:1").Trim();
            Assert.Equal($"sha256:{image.Id} [{repository}:1 {repository}:2]", found);
        }
        finally
        {
            root.Directory.Shell($"docker image rm {repository}:1 {repository}:2 || true");
        }
    }

    private void Export(string file, ImageArchiveFormat format, params string[] images) =>
        root.Engine.Images.Export(images, root.Directory[file], format, force: false, null, default);

    private string Sha256(string command) => root.Directory.Shell($"{command} | sha256sum").Split(' ')[0];

    /// <summary>With a store of its own that mounts nothing.</summary>
    private string Podman(string command) => root.Directory.Shell($"podman --storage-driver vfs --root '{root.Directory["podman"]}' --runroot '{root.Directory["podman-run"]}' {command}");
}
