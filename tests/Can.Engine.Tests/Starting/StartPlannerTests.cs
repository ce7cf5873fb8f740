using Can.Engine.Containers;
using Can.Engine.Starting;
using Can.Engine.Tests.Kernel.Cgroups;

namespace Can.Engine.Tests.Starting;

/// <summary>The whole plan of a plain container, and what each part of the host and the definition changes in it.</summary>
public sealed class StartPlannerTests
{
    private const string Cgroup = "/nowhere/cgroup/can-6588117f";
    private const string Defaults =
        "CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, MKNOD, AUDIT_WRITE, SETFCAP";

    private static readonly StartPlan Plain = Plans.Of(Plans.Definition);

    private static readonly string[] PlainLines =
    [
        "S keep live status and control socket in /r/run/containers/ID",
        "S keep the final status in /r/lib/containers/ID",
        "S log to /r/lib/containers/ID/logs/current (3 files of at most 10485760 bytes)",
        "S restart: no",
        $"S read OOM kills from {Cgroup}/ID/memory.events",
        $"M be born in cgroup {Cgroup}/monitors",
        "M write \"0\" to /proc/self/oom_score_adj (if possible)",
        $"H make directory {Cgroup}/ID (mode 0755)",
        $"H open cgroup {Cgroup}/ID → CGROUP",
        "H clone pid, mnt, uts, ipc, net, into CGROUP where there is one",
        "C unshare cgroup",
        "C make mounts at / (recursive, private)",
        "C mount overlay on /r/run/root (nodev, index=off, metacopy=off, redirect_dir=off) → ROOT; upper /r/lib/containers/ID/upper, "
            + "work /r/lib/containers/ID/work, lower /r/lib/layers/top/root, /r/lib/layers/base/root",
        "C mount proc on /proc (nosuid, nodev, noexec)",
        "C mount tmpfs on /dev (nosuid, nodev, strictatime, mode=755, size=65536k)",
        "C bind /dev/null on /dev/null (ro, nosuid, noexec, not nodev)",
        "C bind /dev/zero on /dev/zero (ro, nosuid, noexec, not nodev)",
        "C bind /dev/full on /dev/full (ro, nosuid, noexec, not nodev)",
        "C bind /dev/random on /dev/random (ro, nosuid, noexec, not nodev)",
        "C bind /dev/urandom on /dev/urandom (ro, nosuid, noexec, not nodev)",
        "C bind /dev/tty on /dev/tty (ro, nosuid, noexec, not nodev)",
        "C link /dev/fd to /proc/self/fd",
        "C link /dev/stdin to /proc/self/fd/0",
        "C link /dev/stdout to /proc/self/fd/1",
        "C link /dev/stderr to /proc/self/fd/2",
        "C link /dev/ptmx to pts/ptmx",
        "C mount devpts on /dev/pts (nosuid, noexec, newinstance, ptmxmode=0666, mode=620, gid=5)",
        "C mount tmpfs on /dev/shm (nosuid, nodev, noexec, mode=1777, size=65536k)",
        "C mount mqueue on /dev/mqueue (nosuid, nodev, noexec) (if possible)",
        "C mount sysfs on /sys (ro, nosuid, nodev, noexec)",
        "C mount cgroup2 on /sys/fs/cgroup (ro, nosuid, nodev, noexec)",
        "C bind /r/run/containers/ID/etc/hosts on /etc/hosts (nodev)",
        "C bind /r/run/containers/ID/etc/hostname on /etc/hostname (nodev)",
        "C bind /r/run/containers/ID/etc/resolv.conf on /etc/resolv.conf (nodev)",
        "C hide /proc/kcore",
        "C hide /sys/firmware",
        "C make /proc/sys read-only",
        "C pivot into ROOT, let go of the host's root",
        "C set the host name to c1",
        "C set lo up",
        "C limit nofile to 1024 (hard limit 524288)",
        "C set the umask to 0022",
        "C join a new session keyring can-ID (if possible)",
        $"C keep only these capabilities for good: {Defaults}",
        "C become user 0 → USER",
        "C ask for SIGKILL when the parent dies",
        $"C set capabilities to {Defaults}",
        "C give up gaining privileges by execve (no_new_privs)",
        "C load a seccomp filter of 2 instructions",
        "C change directory to /",
        "C execute sleep 60 (environment: PATH, A, HOME of USER)",
        $"T remove directory {Cgroup}/ID",
    ];

    [Fact]
    public void Plain_container() => Assert.Equal(PlainLines, Plans.Lines(Plain));

    [Fact]
    public void Planning_is_a_function() => Assert.Equal(PlanWriter.Write(Plain), PlanWriter.Write(Plans.Of(Plans.Definition)));

    [Fact]
    public void Every_step_can_be_described()
    {
        var definition = Plans.Definition with { Privileged = true, Tty = true, Interactive = true, Init = true, ReadOnly = true, HealthCheck = HealthCheck.Shell("true") };
        string[] unnamed = [.. Plans.Of(definition).Steps.Concat(Plain.Steps)
            .Where(step => step.Description.StartsWith(step.Operation.ToString(), StringComparison.Ordinal)).Select(step => step.Description)];

        Assert.Empty(unnamed);
    }

    [Fact]
    public void Text_has_a_heading_for_each_stage_and_a_number_for_each_step()
    {
        var lines = Plain.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(PlainLines.Length + 5, lines.Length);
        Assert.Equal(["Settings:", "Monitor:", "Host:", "Child:", "Teardown:"], lines.Where(line => !line.StartsWith(' ')));
        Assert.Equal("   3  restart: no", lines[4]);
    }

    [Fact]
    public void Version_1_hierarchies_are_entered_before_the_cgroup_namespace_is_made()
    {
        var plan = Plans.Of(Plans.Definition with { Limits = new() { MemoryBytes = 64 << 20 } }, Plans.Host with { Cgroups = Layouts.V1 });
        var lines = Plans.Lines(plan);

        Assert.Contains($"H open {Memory}/tasks → TASKS", lines);
        Assert.Contains($"H write \"67108864\" to {Memory}/memory.limit_in_bytes", lines);
        Assert.Equal(["C write \"0\" to TASKS", "C unshare cgroup"], lines.Where(line => line.StartsWith('C')).Take(2));
        Assert.DoesNotContain(plan.Steps, step => step.Operation is PlanOperation.CgroupOpen or PlanOperation.MonitorCgroup);
        Assert.DoesNotContain("C mount cgroup2 on /sys/fs/cgroup (ro, nosuid, nodev, noexec)", lines);
        Assert.Contains("M write \"0\" to /nowhere/cgroup/systemd/can-6588117f/monitors/tasks", lines);
    }

    [Fact]
    public void Hybrid_hierarchies_are_entered_both_ways()
    {
        var operations = Plans.Of(Plans.Definition, Plans.Host with { Cgroups = Layouts.Hybrid }).Steps.Select(step => step.Operation).ToArray();

        Assert.Contains(PlanOperation.CgroupOpen, operations);
        Assert.Contains(PlanOperation.TasksOpen, operations);
        Assert.Contains(PlanOperation.TasksJoin, operations);
    }

    [Fact]
    public void Cgroups_are_removed_in_the_reverse_order()
    {
        var plan = Plans.Of(Plans.Definition with { Limits = new() { PidsLimit = 5 } }, Plans.Host with { Cgroups = Layouts.Hybrid });
        string[] Paths(PlanOperation operation) => [.. plan.Steps.Where(step => step.Operation == operation).Select(step => step.Arguments[0].Text!)];

        Assert.True(Paths(PlanOperation.MakeDirectory).Length > 1);
        Assert.Equal(Paths(PlanOperation.MakeDirectory).Reverse(), Paths(PlanOperation.RemoveDirectory));
    }

    [Fact]
    public void Host_network() => AssertChanges(
        Plans.Definition with { Network = "host" },
        "- H clone pid, mnt, uts, ipc, net, into CGROUP where there is one",
        "- C set lo up",
        "+ H clone pid, mnt, uts, ipc, into CGROUP where there is one");

    [Fact]
    public void Terminal_and_standard_input() => AssertChanges(
        Plans.Definition with { Tty = true, Interactive = true },
        Plans.Surroundings with { Attached = true, TerminalSize = (50, 132) },
        "+ S keep standard input open",
        "+ S terminal of 50 rows and 132 columns",
        "+ S attach CONSOLE to input and output before the first run",
        "+ C open TERMINAL, make it the standard streams");

    [Fact]
    public void Attached_output() => AssertChanges(
        Plans.Definition, Plans.Surroundings with { Attached = true }, "+ S attach CONSOLE to output before the first run");

    [Fact]
    public void Read_only_root()
    {
        var definition = Plans.Definition with { ReadOnly = true };
        AssertChanges(
            definition,
            "- C bind /r/run/containers/ID/etc/hosts on /etc/hosts (nodev)",
            "- C bind /r/run/containers/ID/etc/hostname on /etc/hostname (nodev)",
            "- C bind /r/run/containers/ID/etc/resolv.conf on /etc/resolv.conf (nodev)",
            "+ C bind /r/run/containers/ID/etc/hosts on /etc/hosts (ro, nodev)",
            "+ C bind /r/run/containers/ID/etc/hostname on /etc/hostname (ro, nodev)",
            "+ C bind /r/run/containers/ID/etc/resolv.conf on /etc/resolv.conf (ro, nodev)",
            "+ C make ROOT read-only");

        var lines = Plans.Lines(Plans.Of(definition)).ToList();
        Assert.Equal(lines.IndexOf("C make ROOT read-only") + 1, lines.IndexOf("C pivot into ROOT, let go of the host's root"));
    }

    [Fact]
    public void Restart_policy() => AssertChanges(
        Plans.Definition with { RestartPolicy = new(RestartCondition.OnFailure, 3) }, "- S restart: no", "+ S restart: on-failure:3");

    [Fact]
    public void Missing_working_directory_is_made() => AssertChanges(
        Plans.Definition with { WorkingDirectory = "/srv/app" },
        "- C change directory to /",
        "+ C make directory /srv/app in ROOT (mode 0755, 0:0) (if possible)",
        "+ C change directory to /srv/app");

    [Fact]
    public void Image_without_layers() => Assert.Contains(
        "C bind /r/lib/containers/ID/upper on /r/run/root (nodev) → ROOT", Plans.Lines(Plans.Of(Plans.Definition with { Layers = [] })));

    [Fact]
    public void Init_comes_last() => AssertChanges(
        Plans.Definition with { Init = true }, "+ C stay as PID 1 that passes signals on and reaps; its child goes on");

    [Fact]
    public void Program_arguments_that_need_it_are_quoted() => AssertChanges(
        Plans.Definition with { Arguments = ["sh", "-c", "echo $A"] },
        "- C execute sleep 60 (environment: PATH, A, HOME of USER)",
        "+ C execute sh -c 'echo $A' (environment: PATH, A, HOME of USER)");

    private const string Memory = "/nowhere/cgroup/memory/can-6588117f/ID";

    private static void AssertChanges(ContainerDefinition definition, params string[] expected) =>
        AssertChanges(definition, Plans.Surroundings, expected);

    private static void AssertChanges(ContainerDefinition definition, StartSurroundings surroundings, params string[] expected) =>
        Assert.Equal(expected, Plans.Difference(Plain, Plans.Of(definition, surroundings: surroundings)));
}
