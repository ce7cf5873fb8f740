using Can.Engine.Containers;
using Can.Engine.Tests.Images;

namespace Can.Engine.Tests.Containers.Files;

/// <summary>Files go into a container and come out of it as an archive, exactly, and stay on their side of the root.</summary>
public sealed class ArchiveCopyTests(EngineFixture can) : IClassFixture<EngineFixture>, IDisposable
{
    private readonly TemporaryDirectory host = new();

    public void Dispose() => host.Dispose();

    [RootTheory]
    [InlineData(false, "tar -c tree")]
    [InlineData(true, "tar -c tree")]
    [InlineData(false, "tar -cz tree")]
    [InlineData(true, "tar -c tree | zstd")]
    public void A_tree_goes_in_and_comes_out_as_it_was(bool running, string command)
    {
        var container = running ? can.Start(can.Options("sleep", "1000")) : can.RunToEnd("true");
        host.Shell($"mkdir -p tree/sub; cd tree; {FileTrees.Script}");
        ExtendedAttributes.Set(host["tree/sub"], "user.bytes", [0, 0xFF, 10]);
        host.Shell($"({command.Replace("tar ", "tar --sparse --xattrs --format=pax ", StringComparison.Ordinal)}) > in.tar");

        In(container, "in.tar", "/var/tmp");
        Out(container, "/var/tmp/tree", "out.tar");
        host.Shell("mkdir back; tar -C back --xattrs --xattrs-include='*' -xpf out.tar");

        Assert.Equal(Describe("tree"), Describe("back/tree"));
        Assert.Contains("/sub user.bytes=00FF0A", ExtendedAttributes.Describe(host["back/tree"]));
        Assert.InRange(new FileInfo(host["out.tar"]).Length, 0, 4 << 20);
    }

    [RootFact]
    public void What_is_named_is_what_the_archive_holds()
    {
        var container = can.RunToEnd("mkdir -p /d/sub; echo x > /d/file; ln -s /d/file /link; ln -s /d /dirlink; mknod /null c 1 3");

        Assert.Equal("d/ d/file d/sub/", Names(container, "/d"));
        Assert.Equal("./ file sub/", Names(container, "/d/."));
        Assert.Equal("file", Names(container, "/d/file"));
        Assert.Equal("link", Names(container, "/link"));
        Assert.Equal("dirlink/ dirlink/file dirlink/sub/", Names(container, "/dirlink/"));
        Assert.Equal("null", Names(container, "/null"));
        Out(container, "/link", "followed.tar", new() { FollowLinks = true });
        Assert.Equal("x\n", host.Shell("tar xOf followed.tar link"));
    }

    [RootFact]
    public void The_directory_itself_stays_as_it_is()
    {
        var container = can.RunToEnd("true");
        host.Shell("mkdir -m 700 d; echo x > d/file; chown -R 5:6 d; tar -C d -cf in.tar .");

        In(container, "in.tar", "/tmp");

        Assert.Equal("1777 0:0\n644 5:6\n", host.Shell($"cd '{Upper(container)}/tmp'; stat -c '%a %u:%g' . file"));
    }

    [RootFact]
    public void What_cannot_be_done_is_refused()
    {
        var container = can.RunToEnd("mkdir -p /tmp/d; echo old > /tmp/f");
        host.Shell("mkdir -p f d; echo x > f/inner; tar cf in.tar f; echo text > text; head -c 3000 in.tar > short.tar; : > empty; gzip < in.tar | head -c 60 > short.tar.gz");

        EngineFixture.Fails("ContainerNotFound", () => can.Containers.CopyTo(new string('0', 64), Stream.Null, "/", new(), null, CancellationToken.None));
        EngineFixture.Fails("PathNotFound", () => In(container, "in.tar", "/no/where"));
        EngineFixture.Fails("PathNotFound", () => Out(container, "/no/where", "x"));
        EngineFixture.Fails("SourceNotDirectory", () => Out(container, "/tmp/f/", "x"));
        EngineFixture.Fails("DestinationNotDirectory", () => In(container, "in.tar", "/tmp/f"));
        EngineFixture.Fails("DestinationNotDirectory", () => In(container, "in.tar", "/tmp"));
        EngineFixture.Fails("ArchiveInvalid", () => In(container, "text", "/tmp"));
        EngineFixture.Fails("ArchiveInvalid", () => In(container, "short.tar.gz", "/tmp/d"));
        Assert.Equal("old\n", File.ReadAllText($"{Upper(container)}/tmp/f"));
        Assert.Empty(Directory.GetFileSystemEntries($"{Upper(container)}/tmp/d"));

        In(container, "in.tar", "/tmp", new() { Force = true });
        Assert.Equal("x\n", File.ReadAllText($"{Upper(container)}/tmp/f/inner"));
    }

    [RootFact]
    public void Volumes_are_part_of_it_and_read_only_ones_refuse()
    {
        Directory.CreateDirectory(host["fixed"]);
        host.Shell("echo x > file; tar cf in.tar file");
        var container = can.Start(can.Options("sleep", "1000") with
        {
            Mounts = [MountSpecification.ParseVolume("/data"), MountSpecification.ParseVolume($"{host["fixed"]}:/fixed:ro")],
        });

        In(container, "in.tar", "/data");
        EngineFixture.Fails("DestinationReadOnly", () => In(container, "in.tar", "/fixed"));

        Assert.Equal("data/ data/file", Names(container, "/data"));
        Assert.Empty(Directory.GetFileSystemEntries($"{Upper(container)}/data"));
        Assert.Empty(Directory.GetFileSystemEntries(host["fixed"]));
    }

    [RootFact]
    public void No_link_leads_out_of_the_container_and_no_name_out_of_the_directory()
    {
        var outside = host["outside"];
        host.Shell("mkdir outside d; echo secret > outside/secret; echo x > file");
        var container = can.RunToEnd($"ln -s {outside} /abs; ln -s ../../../../../../../..{outside} /rel; ln -s / /tmp/up; mkdir /tmp/d");
        host.Shell($"ln -s {outside} d/out; tar cf link.tar -C d out; tar rf link.tar --transform 's,^,out/,' file; tar rf link.tar --transform 's,^,up/,' file");
        host.Shell("tar cPf dots.tar --transform 's,^,../../../../,' file; tar cPf abs.tar --transform \"s,^,$PWD/outside/,\" file");

        foreach (var link in (string[])["/abs", "/rel"])
        {
            EngineFixture.Fails("PathNotFound", () => In(container, "link.tar", link));
            EngineFixture.Fails("PathNotFound", () => Out(container, $"{link}/secret", "stolen.tar"));
        }

        EngineFixture.Fails("ArchiveInvalid", () => In(container, "link.tar", "/tmp"));
        EngineFixture.Fails("ArchiveInvalid", () => In(container, "dots.tar", "/tmp"));
        In(container, "abs.tar", "/tmp/d");

        Assert.Equal(["secret"], Directory.GetFileSystemEntries(outside).Select(Path.GetFileName));
        Assert.True(File.Exists($"{Upper(container)}/tmp/d{outside}/file"));
    }

    private string Upper(Container container) => $"{can.Root.ContainerState(container.Id)}/upper";

    private string Describe(string directory) => host.Shell($"cd {directory}; {FileTrees.Description}");

    private string Names(Container container, string path)
    {
        Out(container, path, "names.tar");
        return string.Join(' ', host.Shell("tar tf names.tar").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private void In(Container container, string archive, string destination, CopyOptions? options = null)
    {
        using var stream = File.OpenRead(host[archive]);
        can.Containers.CopyTo(container.Id, stream, destination, options ?? new(), null, CancellationToken.None);
    }

    private void Out(Container container, string source, string archive, CopyOptions? options = null)
    {
        using var stream = File.Create(host[archive]);
        can.Containers.CopyFrom(container.Id, source, stream, options ?? new(), null, CancellationToken.None);
    }
}
