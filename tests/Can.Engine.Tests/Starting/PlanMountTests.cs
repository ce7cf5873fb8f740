using Can.Engine.Containers;
using Can.Engine.Starting;

namespace Can.Engine.Tests.Starting;

/// <summary>What volumes, binds, tmpfs and devices become.</summary>
public sealed class PlanMountTests
{
    private static readonly StartPlan Plain = Plans.Of(Plans.Definition);

    [Fact]
    public void Bind_mounts()
    {
        AssertChanges(
            [
                Bind("/src/deep", "/a/b/c") with { ReadOnly = true },
                Bind("/src", "/a") with { Recursive = false },
            ],
            "+ C bind /src on /a (nodev)", // outer targets first
            "+ C bind /src/deep on /a/b/c (ro, nodev, recursive)");
    }

    [Fact]
    public void Mounts_of_one_depth_keep_their_order() => Assert.Equal(
        ["+ C bind /x on /z (nodev, recursive)", "+ C bind /y on /b (nodev, recursive)"],
        Plans.Difference(Plain, With(Bind("/x", "/z"), Bind("/y", "/b"))));

    [Fact]
    public void Mount_that_follows_the_host_keeps_the_host_as_its_master()
    {
        AssertChanges(
            [Bind("/src", "/a") with { Propagation = "rslave" }],
            "- C make mounts at / (recursive, private)",
            "+ C make mounts at / (recursive, slave)",
            "+ C bind /src on /a (nodev, slave, recursive)");
    }

    [Fact]
    public void Fresh_volume_is_seeded_before_it_is_mounted() => AssertChanges(
        [Volume("data", "/data")],
        "+ C copy what the image has at /data to /r/lib/volumes/data/data, if that is empty",
        "+ C bind /r/lib/volumes/data/data on /data (nodev)");

    [Fact]
    public void Volume_without_copy() => AssertChanges(
        [Volume("data", "/data") with { NoCopy = true, ReadOnly = true }], "+ C bind /r/lib/volumes/data/data on /data (ro, nodev)");

    [Fact]
    public void Volume_elsewhere()
    {
        var surroundings = Plans.Surroundings with { VolumePaths = new Dictionary<string, string> { ["data"] = "/elsewhere" } };
        var plan = Plans.Of(Plans.Definition with { Mounts = [Volume("data", "/data") with { NoCopy = true }] }, surroundings: surroundings);

        Assert.Equal(["+ C bind /elsewhere on /data (nodev)"], Plans.Difference(Plain, plan));
    }

    [Theory]
    [InlineData("/run", "nosuid, nodev, noexec, mode=1777")]
    [InlineData("/run:exec,size=64m,mode=755,uid=5", "nosuid, nodev, mode=755, size=67108864, uid=5")]
    [InlineData("/run:suid,ro", "ro, nodev, noexec, mode=1777")]
    public void Tmpfs(string text, string expected) => AssertChanges([MountSpecification.ParseTmpfs(text)], $"+ C mount tmpfs on /run ({expected})");

    [Fact]
    public void Mount_on_a_file_of_etc_replaces_the_containers_own() => AssertChanges(
        [Bind("/my/hosts", "/etc/hosts")],
        "- C bind /r/run/containers/ID/etc/hosts on /etc/hosts (nodev)",
        "+ C bind /my/hosts on /etc/hosts (nodev, recursive)");

    [Fact]
    public void Mount_on_etc_hides_all_of_them() => Assert.DoesNotContain(
        Plans.Lines(With(Bind("/my/etc", "/etc"))), line => line.Contains("/etc/hosts", StringComparison.Ordinal));

    [Theory]
    [InlineData("/dev/shm", "mount tmpfs on /dev/shm")]
    [InlineData("/dev/mqueue", "mount mqueue")]
    [InlineData("/sys/fs/cgroup", "mount cgroup2")]
    [InlineData("/sys", "mount sysfs")]
    [InlineData("/dev", "mount tmpfs on /dev ")]
    public void Mount_on_a_system_place_replaces_it_in_its_order(string target, string replaced)
    {
        var lines = Plans.Lines(With(Bind("/src", target))).ToList();
        var before = Plans.Lines(Plain).ToList().FindIndex(line => line.Contains(replaced, StringComparison.Ordinal));

        Assert.DoesNotContain(lines, line => line.Contains(replaced, StringComparison.Ordinal));
        Assert.Equal(before, lines.IndexOf($"C bind /src on {target} (nodev, recursive)"));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Mount_on_dev_gets_the_standard_nodes(bool tmpfs, bool links)
    {
        var lines = Plans.Lines(With(tmpfs ? MountSpecification.ParseTmpfs("/dev") : Bind("/dev", "/dev")));

        Assert.Contains("C bind /dev/null on /dev/null (ro, nosuid, noexec, not nodev)", lines);
        Assert.Equal(links, lines.Contains("C link /dev/fd to /proc/self/fd"));
    }

    [Fact]
    public void Device_is_the_one_place_without_nodev()
    {
        var plan = Plans.Of(Plans.Definition with { Devices = [new("/dev/fuse", "/dev/f", "rwm")] });

        Assert.Equal(["+ C bind /dev/fuse on /dev/f (ro, nosuid, noexec, not nodev)"], Plans.Difference(Plain, plan));
    }

    [Theory]
    [InlineData("r")]
    [InlineData("w")]
    [InlineData("m")]
    public void Device_for_less_than_reading_and_writing_is_refused(string permissions)
    {
        var definition = Plans.Definition with { Devices = [new("/dev/fuse", "/dev/fuse", permissions)] };

        Assert.Equal("DevicePermissionUnsupported", Assert.Throws<CanException>(() => Plans.Of(definition)).ErrorId);
    }

    [Fact]
    public void Nothing_but_devpts_and_nodes_is_mounted_with_devices()
    {
        var plan = With(Bind("/src", "/a"), Volume("v", "/v"), MountSpecification.ParseTmpfs("/t:exec,suid"));
        const ulong noDev = (ulong)MountAttributes.NoDev;
        var withDevices = plan.Steps
            .Where(step => step.Operation == PlanOperation.MountIn ? (step.Arguments[3].Number & noDev) == 0
                : step.Operation == PlanOperation.BindIn && (step.Arguments[2].Number & noDev) == 0)
            .Select(step => step.Operation == PlanOperation.MountIn ? step.Arguments[2].Text : step.Arguments[1].Text);

        Assert.Equal(["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/pts"], withDevices);
    }

    private static MountSpecification Bind(string source, string target) => new() { Kind = MountKind.Bind, Source = source, Target = target };

    private static MountSpecification Volume(string name, string target) => new() { Kind = MountKind.Volume, Source = name, Target = target };

    private static StartPlan With(params MountSpecification[] mounts) => Plans.Of(Plans.Definition with { Mounts = mounts });

    private static void AssertChanges(MountSpecification[] mounts, params string[] expected) =>
        Assert.Equal(expected, Plans.Difference(Plain, With(mounts)));
}
