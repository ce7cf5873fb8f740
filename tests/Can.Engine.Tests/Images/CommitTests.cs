using System.Text.Json;
using Can.Engine.Containers;
using Can.Engine.Images;
using Can.Engine.Kernel;
using Can.Engine.Tests.Containers.Files;

namespace Can.Engine.Tests.Images;

/// <summary>An image made of a container has the container's files, and its layer says what was deleted.</summary>
public sealed class CommitTests(EngineFixture can) : IClassFixture<EngineFixture>, IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [RootFact]
    public void Containers_of_the_image_have_the_files_of_the_container()
    {
        var container = can.RunToEnd($"mkdir /tree; cd /tree; {FileTrees.Script}; rm -r /var /etc/group; rm -r /home; mkdir /home; echo mine > /home/file");
        ExtendedAttributes.Set($"{Upper(container)}/tree/usr/big", "user.bytes", [0, 0xFF, 10]);
        ExtendedAttributes.Set($"{Upper(container)}/tree/usr/bin/tool", "security.capability", Convert.FromHexString("0100000200200000000000000000000000000000"));

        var image = Commit(container, new() { Reference = "whole" });

        Assert.Equal(["whole:latest"], image.References);
        Assert.Equal(2, image.Layers.Count);
        Assert.Equal(can.Engine.Images.Get(EngineFixture.Busybox).Layers[0], image.Layers[0]);
        Assert.Equal(
            directory.Shell($"cd '{Upper(container)}/tree'; {FileTrees.Description}").Split('\n'),
            directory.Shell($"cd '{can.Root.LayerRoot(image.Layers[1])}/tree'; {FileTrees.Description}").Split('\n'));
        Assert.Equal(ExtendedAttributes.Describe($"{Upper(container)}/tree"), ExtendedAttributes.Describe($"{can.Root.LayerRoot(image.Layers[1])}/tree"));
        Assert.Equal(Exported(container), Exported(can.Containers.Create(new() { Image = image.Id, Command = ["true"] }, start: false, CancellationToken.None)));
    }

    [RootFact]
    public void The_layer_is_an_archive_with_whiteouts_that_hold_exactly_what_was_deleted()
    {
        var container = can.RunToEnd("rm -r /var /usr /etc/group; mkdir /usr; echo x > /usr/x; echo x > /etc/passwd; rm /bin/cat; mkfifo /tmp/pipe; echo y > \"/tmp/$(printf 'a\\377')\"");

        var blob = Blob(Commit(container, new()));

        Assert.Equal(
            ["bin/", "bin/.wh.cat", "etc/", "etc/.wh.group", "etc/passwd", "tmp/", @"tmp/a\377", "tmp/pipe", "usr/", "usr/.wh..wh..opq", "usr/x", ".wh.var"],
            directory.Shell($"tar -tf '{blob}'").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [RootFact]
    public void The_same_changes_make_the_same_layer_and_none_make_an_empty_one()
    {
        var script = "mkdir /d; touch /d/a; touch -d '2001-02-03 04:05:06' /d/a /d; echo x > /tmp/file; touch -d '2001-02-03 04:05:06' /tmp/file /tmp";

        Assert.Equal(Commit(can.RunToEnd(script), new()).Layers, Commit(can.RunToEnd(script), new()).Layers);
        var nothing = Commit(can.RunToEnd("true"), new());
        Assert.Equal(1024, new FileInfo(Blob(nothing)).Length);
        Assert.Equal(0, can.WaitExited(can.Start(can.Options("true") with { Image = nothing.Id })).ExitCode);
    }

    [RootFact]
    public void Images_can_be_made_of_containers_of_such_images()
    {
        var first = Commit(can.RunToEnd("echo 1 > /tmp/one; echo 1 > /tmp/both; rm -r /var; mkdir /srv; echo x > /srv/x"), new());
        var second = Commit(RunToEnd(first, "rm /tmp/one; echo 2 > /tmp/two; echo 2 > /tmp/both; mkdir /var; rm -r /srv; mkdir /srv; echo y > /srv/y"), new());
        var third = RunToEnd(second, "find /tmp /var /srv | sort; cat /tmp/both");

        Assert.Equal(["/srv", "/srv/y", "/tmp", "/tmp/both", "/tmp/two", "/var", "2"], can.Log(third));
        Assert.Empty(Changes(third));
        Assert.Equal(3, second.Layers.Count);
    }

    [RootFact]
    public void What_is_mounted_is_not_in_it_nor_are_the_places_made_for_that()
    {
        var container = can.WaitExited(can.Start(can.Script("echo x > /data/file; echo y > /deep/er/file") with
        {
            Mounts = [MountSpecification.ParseVolume("/data"), MountSpecification.ParseVolume("/deep/er")],
        }));

        Assert.Equal("", directory.Shell($"tar -tf '{Blob(Commit(container, new()))}'"));
    }

    [RootFact]
    public void The_configuration_is_the_images_with_the_changes()
    {
        var first = Commit(can.RunToEnd("true"), new()
        {
            Author = "A. Smith",
            Message = "First",
            Entrypoint = ["/bin/echo"],
            Command = ["hello"],
            User = "5",
            WorkingDirectory = "/tmp",
            StopSignal = "SIGINT",
            Environment = new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" },
            Labels = new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" },
            ExposedPorts = ["80", "53/udp"],
            Volumes = ["/data"],
        });
        var second = Commit(can.Containers.Create(new() { Image = first.Id }, start: false, CancellationToken.None), new()
        {
            Environment = new Dictionary<string, string> { ["A"] = "9", ["C"] = "3" },
            Labels = new Dictionary<string, string> { ["y"] = "3" },
            ExposedPorts = ["443/tcp"],
        });
        var third = Commit(can.Containers.Create(new() { Image = second.Id }, start: false, CancellationToken.None), new() { Entrypoint = ["/bin/cat"] });

        Assert.Equal("A. Smith", first.Author);
        Assert.Equal(["/bin/echo"], second.Configuration.Entrypoint);
        Assert.Equal(["hello"], second.Configuration.Command);
        Assert.Equal(("5", "/tmp", "SIGINT"), (second.Configuration.User, second.Configuration.WorkingDirectory, second.Configuration.StopSignal));
        Assert.Equal(["A=9", "B=2", "C=3"], second.Configuration.Environment.Where(variable => !variable.StartsWith("PATH=", StringComparison.Ordinal)));
        Assert.Equal(["1", "3"], second.Labels.OrderBy(label => label.Key).Select(label => label.Value));
        Assert.Equal(["443/tcp", "53/udp", "80/tcp"], second.Configuration.ExposedPorts.Order());
        Assert.Equal(["/data"], second.Configuration.Volumes);
        Assert.Equal(["/bin/cat"], third.Configuration.Entrypoint);
        Assert.Empty(third.Configuration.Command);

        var history = Configuration(second).GetProperty("history").EnumerateArray().ToList();
        Assert.Equal(3, history.Count);
        Assert.Equal("First", history[1].GetProperty("comment").GetString());
        Assert.Equal(second.CreatedAt, history[2].GetProperty("created").GetDateTimeOffset());
    }

    [RootFact]
    public void A_running_container_stands_still_while_it_is_read_and_then_runs_on()
    {
        // Two files that are the same at every moment in which nobody writes; a hundred files between them take time to read.
        var container = can.Start(can.Script("""
            mkdir /t; for i in $(seq 100 200); do head -c 100000 /dev/zero > /t/$i; done; i=0
            while :; do i=$((i+1)); echo $i > /new; mv /new /t/001; echo $i > /new; mv /new /t/999; [ $i = 50 ] && echo ready; done
            """));
        EngineFixture.Eventually(() => can.Log(container).Count > 0, "it writes");
        for (var i = 0; i < 5; i++)
        {
            var layer = can.Root.LayerRoot(Commit(container, new()).Layers[1]);
            var (first, last) = (Number($"{layer}/t/001"), Number($"{layer}/t/999"));

            // The write that was under way when it was stopped makes a difference of one.
            Assert.InRange(first - last, 0, 1);
            Assert.Equal(ContainerState.Running, can.Containers.GetById(container.Id).State);
            EngineFixture.Eventually(() => Number($"{Upper(container)}/t/999") > last + 10, "it runs on");
        }

        can.Containers.Remove(container.Id, force: true, CancellationToken.None);
        static long Number(string path) => long.TryParse(File.ReadAllText(path), out var number) ? number : 0;
    }

    [RootFact]
    public void A_container_runs_on_when_it_fails_and_one_that_is_suspended_stays_so()
    {
        var container = can.Start(can.Script("echo x > /tmp/.wh.file; echo ready; sleep 1000"));
        EngineFixture.Eventually(() => can.Log(container).Count > 0, "it has written");

        Assert.Equal("/tmp/.wh.file", EngineFixture.Fails("FileNameReserved", () => Commit(container, new())).Target);
        Assert.Equal(ContainerState.Running, can.Containers.GetById(container.Id).State);
        can.Containers.Suspend(container.Id, CancellationToken.None);
        EngineFixture.Fails("FileNameReserved", () => Commit(container, new()));
        File.Delete($"{Upper(container)}/tmp/.wh.file");
        Commit(container, new());
        Assert.Equal(ContainerState.Suspended, can.Containers.GetById(container.Id).State);

        can.Containers.Remove(container.Id, force: true, CancellationToken.None);
    }

    [RootFact]
    public void One_that_a_killed_commit_left_frozen_runs_on_when_it_is_looked_at()
    {
        var container = can.StartSleeper();

        // What a kill leaves: the mark, which nobody has locked, and frozen processes.
        File.Create($"{can.Root.ContainerRun(container.Id)}/suspension").Dispose();
        HostFacts.Current.Cgroups.Freeze(can.Root, container.Id, frozen: true, CancellationToken.None);

        Assert.Equal(ContainerState.Running, can.Another().Containers.GetById(container.Id).State);
        Assert.Equal(0, can.Exec(container, "true").ExitCode);
        can.Containers.Suspend(container.Id, CancellationToken.None);
        Assert.Equal(ContainerState.Suspended, can.Another().Containers.GetById(container.Id).State);
        can.Containers.Remove(container.Id, force: true, CancellationToken.None);
    }

    [RootFact]
    public void A_stale_mark_says_nothing_of_a_later_suspension()
    {
        var container = can.StartSleeper();
        File.Create($"{can.Root.ContainerRun(container.Id)}/suspension").Dispose();

        can.Containers.Suspend(container.Id, CancellationToken.None);

        Assert.Equal(ContainerState.Suspended, can.Another().Containers.GetById(container.Id).State);
        can.Containers.Remove(container.Id, force: true, CancellationToken.None);
    }

    [RootFact]
    public void Nothing_is_left_of_one_that_is_cancelled()
    {
        var container = can.RunToEnd("head -c 30000000 /dev/zero > /big; echo x > /z");
        using var cancellation = new CancellationTokenSource();
        var before = Store();

        Assert.ThrowsAny<OperationCanceledException>(() => can.Engine.Images.Commit(container.Id, new(), new Callback(_ => cancellation.Cancel()), cancellation.Token));

        Assert.Equal(before, Store());
    }

    [RootFact]
    public void What_makes_no_sense_is_refused()
    {
        var container = can.Containers.Create(can.Script("true"), start: false, CancellationToken.None);

        EngineFixture.Fails("ContainerNotFound", () => can.Engine.Images.Commit(new string('0', 64), new(), null, CancellationToken.None));
        EngineFixture.Fails("ReferenceInvalid", () => Commit(container, new() { Reference = "A B" }));
        EngineFixture.Fails("PathNotAbsolute", () => Commit(container, new() { WorkingDirectory = "tmp" }));
        EngineFixture.Fails("PathNotAbsolute", () => Commit(container, new() { Volumes = ["data"] }));
        EngineFixture.Fails("PortInvalid", () => Commit(container, new() { ExposedPorts = ["99999"] }));
        EngineFixture.Fails("PortInvalid", () => Commit(container, new() { ExposedPorts = ["80/http"] }));
    }

    [RootFact]
    public void Skopeo_and_umoci_read_it()
    {
        var image = Commit(can.RunToEnd("echo new > /new; rm -r /var"), new() { Reference = "witness" });

        var inspected = JsonDocument.Parse(directory.Shell($"skopeo inspect --config oci:{can.Root.State}/images:witness:latest")).RootElement;
        directory.Shell($"umoci unpack --image {can.Root.State}/images:witness:latest bundle");

        Assert.Equal(image.Layers.Select(layer => $"sha256:{layer}"), inspected.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal("new\n", File.ReadAllText(directory["bundle/rootfs/new"]));
        Assert.False(Directory.Exists(directory["bundle/rootfs/var"]));
    }

    private Image Commit(Container container, CommitOptions options) => can.Engine.Images.Commit(container.Id, options, null, CancellationToken.None);

    private Container RunToEnd(Image image, string script) => can.WaitExited(can.Start(can.Script(script) with { Image = image.Id }));

    private string Upper(Container container) => $"{can.Root.ContainerState(container.Id)}/upper";

    private string Blob(Image image) => $"{can.Root.State}/images/blobs/sha256/{image.Layers[^1]}";

    private JsonElement Configuration(Image image) => JsonDocument.Parse(File.ReadAllBytes($"{can.Root.State}/images/blobs/sha256/{image.Id}")).RootElement;

    private string Exported(Container container)
    {
        can.Containers.Export(container.Id, directory["export.tar"], replace: true, null, CancellationToken.None);
        // The engine's own files in /etc are there once a container has run; they change the times of the root and of /etc.
        return directory.Shell("tar -tvf export.tar --full-time --numeric-owner | grep -v -e ' etc/host' -e ' etc/resolv' -e ' \\./$' -e ' proc/$' -e ' sys/$' -e ' dev/$' | tr -s ' '");
    }

    private List<string> Changes(Container container)
    {
        var found = new List<string>();
        can.Containers.Compare(container.Id, change => found.Add(change.Path), CancellationToken.None);
        return found;
    }

    private List<string> Store() =>
        [.. ((string[])["images", "images/blobs/sha256", "layers", "staging", "trash"]).Select(name => $"{can.Root.State}/{name}").Where(Directory.Exists)
            .SelectMany(Directory.GetFileSystemEntries).Order(StringComparer.Ordinal)];

    private sealed class Callback(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
