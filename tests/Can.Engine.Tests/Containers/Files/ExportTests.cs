using Can.Engine.Containers;
using Can.Engine.Tests.Images;

namespace Can.Engine.Tests.Containers.Files;

/// <summary>The archive of a container's root is its root, file by file.</summary>
public sealed class ExportTests(EngineFixture can) : IClassFixture<EngineFixture>, IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [RootFact]
    public void Tar_unpacks_from_it_what_the_container_made()
    {
        var container = can.RunToEnd($"mkdir /tree; cd /tree; {FileTrees.Script}");
        ExtendedAttributes.Set($"{can.Root.ContainerState(container.Id)}/upper/tree/usr/big", "user.bytes", [0, 0xFF, 10]);

        Unpack(Export(container));

        Assert.Equal(
            directory.Shell($"cd '{can.Root.ContainerState(container.Id)}/upper/tree'; {FileTrees.Description}").Split('\n'),
            directory.Shell($"cd out/tree; {FileTrees.Description}").Split('\n'));
        Assert.Equal(["/usr/big user.bytes=00FF0A"], ExtendedAttributes.Describe(directory["out/tree"]));
        Assert.True(File.Exists(directory["out/bin/busybox"]));
    }

    [RootFact]
    public void Holes_are_not_written()
    {
        var container = can.RunToEnd("truncate -s 1G /hole; truncate -s 1M /tail; echo x > /tail; truncate -s 1M /tail");

        var tar = Export(container);

        Assert.True(new FileInfo(tar).Length < 100 << 20);
        Unpack(tar);
        Assert.Equal(1L << 30, new FileInfo(directory["out/hole"]).Length);
        Assert.Equal("x\n", File.ReadAllText(directory["out/tail"]).TrimEnd('\0'));
    }

    [RootFact]
    public void The_root_of_a_running_container_is_the_same_and_shows_what_its_mounts_hide()
    {
        Directory.CreateDirectory(can.PathOf("bind"));
        File.WriteAllText(can.PathOf("bind/secret"), "x");
        var options = can.Script("trap 'exit 0' TERM; echo changed > /etc/passwd; rm /etc/group; echo data > /data/file; echo ready; while :; do sleep 1000 & wait; done") with
        {
            Mounts = [MountSpecification.ParseVolume("/data"), MountSpecification.ParseVolume($"{can.PathOf("bind")}:/home")],
        };
        var container = can.Start(options);
        EngineFixture.Eventually(() => can.Log(container).Count > 0, "it has written");

        var running = Digest(Export(container));
        can.Containers.Stop(container.Id, null, force: true, CancellationToken.None);

        Assert.Equal(running, Digest(Export(container)));
        Unpack(Export(container));
        Assert.Equal("changed\n", File.ReadAllText(directory["out/etc/passwd"]));
        Assert.False(File.Exists(directory["out/etc/group"]));
        Assert.Empty(Directory.GetFileSystemEntries(directory["out/data"]));
        Assert.Empty(Directory.GetFileSystemEntries(directory["out/home"]));
        Assert.Empty(Directory.GetFileSystemEntries(directory["out/proc"]));
    }

    [RootFact]
    public void A_container_that_changes_its_files_meanwhile_does_not_spoil_the_archive()
    {
        var container = can.Start(can.Script("""
            mkdir /tmp/t; cd /tmp/t; echo keep > keep; head -c 2000000 /dev/zero > size; echo ready
            while :; do
              head -c 2000000 /dev/zero > size; : > size; rm -f swap; ln -s /etc/passwd swap; rm swap; mkfifo swap; rm swap; mkdir swap; echo a > swap/a; rm -r swap
              echo b > new; mv new keep
            done
            """));
        EngineFixture.Eventually(() => can.Log(container).Count > 0, "it has begun");

        for (var i = 0; i < 30; i++)
        {
            Unpack(Export(container));
            Assert.Contains(File.ReadAllText(directory["out/tmp/t/keep"]).Trim('\0', '\n'), (string[])["keep", "b", ""]);
        }

        can.Containers.Remove(container.Id, force: true, CancellationToken.None);
    }

    [RootFact]
    public void A_file_is_there_whole_or_not_at_all()
    {
        var container = can.RunToEnd("head -c 20000000 /dev/zero > /big");
        using var cancellation = new CancellationTokenSource();
        Directory.CreateDirectory(directory["to"]);

        Assert.Throws<OperationCanceledException>(() =>
            can.Containers.Export(container.Id, directory["to/a.tar"], replace: false, new Callback(_ => cancellation.Cancel()), cancellation.Token));
        Assert.Empty(Directory.GetFileSystemEntries(directory["to"]));

        can.Containers.Export(container.Id, directory["to/a.tar"], replace: false, null, CancellationToken.None);
        EngineFixture.Fails("FileExists", () => can.Containers.Export(container.Id, directory["to/a.tar"], replace: false, null, CancellationToken.None));
        can.Containers.Export(container.Id, directory["to/a.tar"], replace: true, null, CancellationToken.None);
        EngineFixture.Fails("PathNotFound", () => can.Containers.Export(container.Id, directory["no/a.tar"], replace: true, null, CancellationToken.None));
        Assert.Single(Directory.GetFileSystemEntries(directory["to"]));
    }

    [RootFact]
    public void Nothing_stays_mounted_and_no_descriptor_open()
    {
        var container = can.RunToEnd("true");
        _ = Export(container);
        var (mounts, descriptors) = (File.ReadAllText("/proc/self/mountinfo"), Roots());

        _ = Export(container);

        Assert.Equal(mounts, File.ReadAllText("/proc/self/mountinfo"));
        Assert.Equal(descriptors, Roots());
        Assert.Equal(directory.Shell("readlink /proc/self/ns/mnt"), directory.Shell($"readlink /proc/{Environment.ProcessId}/ns/mnt"));

        // Other tests of the process come and go; what an export would leave is a directory.
        int Roots() => Directory.GetFiles("/proc/self/fd").Count(path => new FileInfo(path).LinkTarget is "/" or "/upper");
    }

    private string Export(Container container)
    {
        var path = directory[$"{Guid.NewGuid():n}.tar"];
        using (var file = File.Create(path))
        {
            can.Containers.Export(container.Id, file, null, CancellationToken.None);
        }

        return path;
    }

    private void Unpack(string tar) =>
        directory.Shell($"rm -rf out; mkdir out; tar -xpf '{tar}' -C out --xattrs '--xattrs-include=user.*' --numeric-owner 2> warnings; ! grep -v 'implausibly old' warnings");

    private string Digest(string tar) => directory.Shell($"sha256sum < '{tar}'");

    private sealed class Callback(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
