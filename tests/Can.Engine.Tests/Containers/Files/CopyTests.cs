using Can.Engine.Containers;
using Can.Engine.Tests.Images;

namespace Can.Engine.Tests.Containers.Files;

/// <summary>Copies mean what docker cp means, and stay on their side of the root.</summary>
public sealed class CopyTests(EngineFixture can) : IClassFixture<EngineFixture>, IDisposable
{
    private readonly TemporaryDirectory host = new();

    public void Dispose() => host.Dispose();

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tree_goes_in_and_comes_out_as_it_was(bool running)
    {
        var container = Make(running);
        host.Shell($"mkdir tree; cd tree; {FileTrees.Script}");
        ExtendedAttributes.Set(host["tree/usr/big"], "user.bytes", [0, 0xFF, 10]);
        ExtendedAttributes.Set(host["tree/usr/bin/tool"], "security.capability", Convert.FromHexString("0100000200200000000000000000000000000000"));

        In(container, "tree", "/srv", new() { Archive = true });
        Out(container, "/srv", "back", new() { Archive = true });

        Assert.Equal(Describe("tree"), Describe("back"));
        Assert.Equal(ExtendedAttributes.Describe(host["tree"]), ExtendedAttributes.Describe(host["back"]));
        Assert.InRange(Blocks("back/sparse"), 0, 1 << 20);
        Assert.Equal(running ? ContainerState.Running : ContainerState.Exited, can.Containers.GetById(container.Id).State);
    }

    /// <summary>The table of docker cp's reference: what is copied, where to, and what is there afterwards.</summary>
    [RootTheory]
    [InlineData("file", "/tmp/new", "/tmp/new")]
    [InlineData("file", "/tmp", "/tmp/file")]
    [InlineData("file", "/tmp/", "/tmp/file")]
    [InlineData("file", "/tmp/.", "/tmp/file")]
    [InlineData("file", "tmp", "/tmp/file")]
    [InlineData("file", "/tmp/old", "/tmp/old")]
    [InlineData("file", "/tmp/link", "/tmp/old")]
    [InlineData("file", "/tmp/linkdir", "/tmp/dir/file")]
    [InlineData("file", "/tmp/up", "/etc/file")]
    [InlineData("dir", "/tmp/new", "/tmp/new/sub/inner")]
    [InlineData("dir", "/tmp/new/", "/tmp/new/sub/inner")]
    [InlineData("dir/.", "/tmp/new", "/tmp/new/sub/inner")]
    [InlineData("dir", "/tmp", "/tmp/dir/sub/inner")]
    [InlineData("dir/", "/tmp/dir", "/tmp/dir/dir/sub/inner")]
    [InlineData("dir/.", "/tmp/dir", "/tmp/dir/sub/inner")]
    [InlineData("todir/", "/tmp/new", "/tmp/new/sub/inner")]
    public void A_destination_means_what_docker_says(string source, string destination, string expected)
    {
        host.Shell("echo content > file; mkdir -p dir/sub; echo content > dir/sub/inner; ln -s dir todir");
        var container = can.RunToEnd("cd /tmp; echo old > old; mkdir dir; ln -s old link; ln -s /tmp/dir linkdir; ln -s ../../../../etc up");

        In(container, source, destination);

        Assert.Equal("content\n", File.ReadAllText($"{Upper(container)}{expected}"));
        Assert.Equal("old", new FileInfo($"{Upper(container)}/tmp/link").LinkTarget);
        Out(container, expected, "out");
        Assert.Equal("content\n", File.ReadAllText(host["out"]));
    }

    [RootFact]
    public void What_docker_refuses_is_refused()
    {
        host.Shell("echo x > file; mkdir -p dir/old; mkfifo pipe");
        var container = can.RunToEnd("echo x > /tmp/old; mkdir -p /tmp/dir/old; mknod /tmp/null c 1 3");

        EngineFixture.Fails("PathNotFound", () => In(container, "missing", "/tmp"));
        EngineFixture.Fails("PathNotFound", () => In(container, "file", "/no/where"));
        EngineFixture.Fails("PathNotFound", () => Out(container, "/no/where", "."));
        EngineFixture.Fails("SourceNotDirectory", () => In(container, "file/", "/tmp"));
        EngineFixture.Fails("DestinationNotDirectory", () => In(container, "file", "/tmp/missing/"));
        EngineFixture.Fails("DestinationNotDirectory", () => In(container, "file", "/tmp/old/"));
        EngineFixture.Fails("DestinationNotDirectory", () => In(container, "dir", "/tmp/old"));
        EngineFixture.Fails("DestinationNotDirectory", () => In(container, "dir/.", "/tmp"));
        EngineFixture.Fails("FileTypeNotCopied", () => Out(container, "/tmp/null", "null"));
        Assert.Equal("x\n", File.ReadAllText($"{Upper(container)}/tmp/old"));

        In(container, "dir/.", "/tmp", new() { Force = true });
        Assert.True(Directory.Exists($"{Upper(container)}/tmp/old"));
        Out(container, "/tmp/null", "null", new() { Archive = true });
        Assert.Equal("character special file\n", host.Shell("stat -c %F null"));
    }

    [RootFact]
    public void Copies_belong_to_root_and_rights_do_not_come_along()
    {
        host.Shell("echo x > mine; chmod 4755 mine; cp -p mine theirs; chown 1000:1000 theirs; chmod 4755 theirs");
        ExtendedAttributes.Set(host["mine"], "security.capability", Convert.FromHexString("0100000200200000000000000000000000000000"));
        ExtendedAttributes.Set(host["mine"], "user.note", "n"u8.ToArray());
        var container = can.RunToEnd("true");

        In(container, "mine", "/tmp");
        In(container, "theirs", "/tmp");
        Directory.CreateDirectory(host["back"]);
        Out(container, "/tmp/mine", "back");

        Assert.Equal("4755 0:0\n755 0:0\n", host.Shell($"cd '{Upper(container)}/tmp'; stat -c '%a %u:%g' mine theirs"));
        Assert.Equal("755 0:0\n", host.Shell("stat -c '%a %u:%g' back/mine"));
        Assert.Equal(["/mine user.note=6E"], ExtendedAttributes.Describe(host["back"]).Where(line => !line.Contains("selinux", StringComparison.Ordinal)));
    }

    [RootFact]
    public void A_link_is_copied_as_a_link_unless_it_is_followed()
    {
        var container = can.RunToEnd("ln -s /etc/passwd /tmp/link; ln -s /etc /tmp/dirlink");

        Out(container, "/tmp/link", "link");
        Out(container, "/tmp/link", "content", new() { FollowLinks = true });
        Out(container, "/tmp/dirlink", "etc", new() { FollowLinks = true });

        Assert.Equal("/etc/passwd", new FileInfo(host["link"]).LinkTarget);
        Assert.Contains("nobody:/home", File.ReadAllText(host["content"]), StringComparison.Ordinal);
        Assert.True(File.Exists(host["etc/passwd"]));
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_path_in_a_mount_means_what_is_mounted(bool running)
    {
        Directory.CreateDirectory(host["bind/deep"]);
        Directory.CreateDirectory(host["fixed"]);
        File.WriteAllText(host["bind/deep/file"], "from the host");
        File.WriteAllText(host["file"], "x");
        var container = Make(
            running, MountSpecification.ParseVolume("/data"), MountSpecification.ParseVolume($"{host["bind"]}:/data/inner"), MountSpecification.ParseVolume($"{host["fixed"]}:/fixed:ro"));

        In(container, "file", "/data");
        In(container, "file", "/data/inner/deep/new");
        Out(container, "/data/inner", "out");
        Out(container, "/data/file", "back");

        Assert.Equal("from the host", File.ReadAllText(host["out/deep/file"]));
        Assert.Equal("x", File.ReadAllText(host["bind/deep/new"]));
        Assert.Equal("x", File.ReadAllText(host["back"]));
        Assert.Empty(Directory.GetFileSystemEntries($"{Upper(container)}/data"));
        EngineFixture.Fails("DestinationReadOnly", () => In(container, "file", "/fixed"));
        Assert.Empty(Directory.GetFileSystemEntries(host["fixed"]));
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_read_only_container_takes_files_in_its_volumes_only(bool running)
    {
        File.WriteAllText(host["file"], "x");
        var container = Make(running, readOnly: true, MountSpecification.ParseVolume("/data"));

        EngineFixture.Fails("DestinationReadOnly", () => In(container, "file", "/tmp"));
        In(container, "file", "/data");
        Out(container, "/data/file", "back");

        Assert.True(File.Exists(host["back"]));
    }

    [RootFact]
    public void A_stopped_container_starts_with_what_was_copied()
    {
        File.WriteAllText(host["file"], "x");
        var container = can.Containers.Create(can.Script("cat /tmp/file /bin/new/file"), start: false, CancellationToken.None);
        host.Shell("mkdir new; cp file new");

        In(container, "file", "/tmp");
        In(container, "new", "/bin");
        can.Containers.Start(container.Id, CancellationToken.None);

        Assert.Equal(["xx"], can.Log(can.WaitExited(container)));
    }

    [RootFact]
    public void The_whole_of_a_running_container_is_copied_without_what_the_kernel_shows_in_it()
    {
        var container = Make(running: true);

        Out(container, "/", "all");
        Out(container, "/proc/version", "version");

        Assert.True(File.Exists(host["all/bin/busybox"]));
        Assert.Empty(Directory.GetFileSystemEntries(host["all/proc"]));
        Assert.True(File.Exists(host["version"]));
    }

    [RootFact]
    public void No_link_leads_out_of_the_container()
    {
        Directory.CreateDirectory(host["outside"]);
        File.WriteAllText(host["outside/secret"], "secret");
        File.WriteAllText(host["file"], "x");
        var outside = host["outside"];
        var container = can.RunToEnd($"ln -s {outside} /abs; ln -s ../../../../../../../..{outside} /rel; ln -s /proc/self/root{outside} /magic; mkdir -p /w; ln -s {outside} /w/link");

        foreach (var link in (string[])["/abs", "/rel", "/magic", "/w/link"])
        {
            EngineFixture.Fails("PathNotFound", () => Out(container, $"{link}/secret", "stolen"));
            EngineFixture.Fails("PathNotFound", () => In(container, "file", $"{link}/planted"));
        }

        host.Shell("mkdir -p w/link; cp file w/link/planted");
        EngineFixture.Fails("DestinationNotDirectory", () => In(container, "w", "/"));
        Assert.Equal(["secret"], Directory.GetFileSystemEntries(outside).Select(path => Path.GetFileName(path)));
        Assert.False(File.Exists(host["stolen"]));
    }

    [RootFact]
    public void A_container_that_swaps_links_while_it_is_copied_into_and_out_of_gets_nothing()
    {
        var outside = host["outside"];
        host.Shell("mkdir outside; echo secret > outside/f; mkfifo pipe; mkdir -p t/d/e; for i in $(seq 50); do echo mine > t/d/f$i; done; echo mine > t/d/f; mkfifo t/d/p; chmod 600 outside/f");
        var container = can.Start(can.Script($"""
            mkdir -p /x/t/d; echo ready
            while :; do
              rm -rf /x/t/d; ln -s {outside} /x/t/d; rm -f /x/t/d; mkdir -p /x/t/d; rm -f /x/t/d/p; ln -s {outside}/f /x/t/d/p; rm -f /x/t/d/f; ln -s {outside}/f /x/t/d/f
              mv /x/t /x/u; ln -s {outside} /x/t; rm /x/t; mv /x/u /x/t
            done
            """));
        EngineFixture.Eventually(() => can.Log(container).Count > 0, "it swaps");

        for (var i = 0; i < 60; i++)
        {
            // Each may fail in any clean way, for the container is in the midst of things; what matters is what it leaves.
            Try(() => In(container, "t", "/x", new() { Force = true }));
            Try(() => In(container, "t/d/.", "/x/t/d", new() { Force = true }));
            host.Shell("rm -rf back; mkdir back");
            Try(() => Out(container, "/x/t", "back"));
            Try(() => Out(container, "/x/t/d/f", "back", new() { FollowLinks = true }));
            Assert.Equal("", host.Shell("grep -rl secret back || true"));
        }

        can.Containers.Remove(container.Id, force: true, CancellationToken.None);
        Assert.Equal("secret\n", File.ReadAllText($"{outside}/f"));
        Assert.Equal("600\n", host.Shell("stat -c %a outside/f"));
        Assert.Single(Directory.GetFileSystemEntries(outside));

        static void Try(Action copy)
        {
            try
            {
                copy();
            }
            catch (CanException)
            {
            }
        }
    }

    [RootFact]
    public void A_hundred_megabytes_and_nothing_at_all()
    {
        host.Shell("head -c 104857600 /dev/urandom > big; : > nothing");
        var container = can.RunToEnd("true");

        can.Containers.CopyTo(container.Id, [host["big"], host["nothing"]], "/tmp", new(), null, CancellationToken.None);
        can.Containers.CopyFrom(container.Id, ["/tmp/big", "/tmp/nothing"], host.Path + "/.", new(), null, CancellationToken.None);

        host.Shell($"cmp big '{Upper(container)}/tmp/big'");
        Assert.Equal(0, new FileInfo($"{Upper(container)}/tmp/nothing").Length);
        EngineFixture.Fails("DestinationNotDirectory", () => can.Containers.CopyTo(container.Id, [host["big"], host["nothing"]], "/new", new(), null, CancellationToken.None));
    }

    private Container Make(bool running, params MountSpecification[] mounts) => Make(running, readOnly: false, mounts);

    private Container Make(bool running, bool readOnly, params MountSpecification[] mounts)
    {
        var container = can.Start(can.Script("trap 'exit 0' TERM; echo ready; while :; do sleep 1000 & wait; done") with { Mounts = mounts, ReadOnly = readOnly });
        EngineFixture.Eventually(() => can.Log(container).Count > 0, "it runs");
        if (!running)
        {
            can.Containers.Stop(container.Id, null, force: true, CancellationToken.None);
        }

        return container;
    }

    private void In(Container container, string source, string destination, CopyOptions? options = null) =>
        can.Containers.CopyTo(container.Id, [host[source]], destination, options ?? new(), null, CancellationToken.None);

    private void Out(Container container, string source, string destination, CopyOptions? options = null) =>
        can.Containers.CopyFrom(container.Id, [source], host[destination], options ?? new(), null, CancellationToken.None);

    private string Upper(Container container) => $"{can.Root.ContainerState(container.Id)}/upper";

    private string[] Describe(string directory) => host.Shell($"cd '{directory}'; {FileTrees.Description}").Split('\n');

    private long Blocks(string file) => long.Parse(host.Shell($"stat -c %b {file}"), System.Globalization.CultureInfo.InvariantCulture) * 512;
}
