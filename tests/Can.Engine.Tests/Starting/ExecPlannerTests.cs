using Can.Engine.Containers;
using Can.Engine.Starting;
using Can.Engine.Tests.Kernel.Cgroups;

namespace Can.Engine.Tests.Starting;

public sealed class ExecPlannerTests
{
    private const string Defaults =
        "CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, MKNOD, AUDIT_WRITE, SETFCAP";

    private static readonly ExecOptions Options = new() { Command = ["ps"] };
    private static readonly StartPlan Plain = Of(Options);

    [Fact]
    public void Plain_process()
    {
        Assert.Equal(PlanKind.Exec, Plain.Kind);
        Assert.Equal(
            [
                "H write \"0\" to /proc/self/oom_score_adj (if possible)",
                "H open cgroup /nowhere/cgroup/can-6588117f/ID → CGROUP",
                "H join pid, mnt, uts, ipc, net, cgroup of TARGET, fork into CGROUP where there is one",
                "C limit nofile to 1024 (hard limit 524288)",
                "C set the umask to 0022",
                "C join a new session keyring can-ID (if possible)",
                $"C keep only these capabilities for good: {Defaults}",
                "C become user 0 → USER",
                "C ask for SIGKILL when the parent dies",
                $"C set capabilities to {Defaults}",
                "C give up gaining privileges by execve (no_new_privs)",
                "C load a seccomp filter of 1 instructions",
                "C change directory to /",
                "C execute ps (environment: PATH, A, HOME of USER)",
            ],
            Plans.Lines(Plain));
    }

    [Fact]
    public void Options_replace_the_containers() => AssertChanges(
        Options with { User = "app", WorkingDirectory = "/tmp", Environment = new Dictionary<string, string> { ["A"] = "2", ["B"] = "3" } },
        "- C become user 0 → USER",
        "- C change directory to /",
        "- C execute ps (environment: PATH, A, HOME of USER)",
        "+ C become user app → USER",
        "+ C change directory to /tmp",
        "+ C execute ps (environment: PATH, A, B, HOME of USER)");

    [Fact]
    public void Environment_keeps_each_name_once()
    {
        var options = Options with { Environment = new Dictionary<string, string> { ["A"] = "2", ["B"] = "" } };

        Assert.Equal(["1", "ps", "PATH=/bin", "A=2", "B="], Of(options).Steps[^1].Arguments.Select(argument => argument.ToString()));
    }

    [Fact]
    public void Terminal() => AssertChanges(
        Options with { Tty = true },
        "- C execute ps (environment: PATH, A, HOME of USER)",
        "+ S terminal of 24 rows and 80 columns",
        "+ S detach on the bytes 1011",
        "+ C open TERMINAL, make it the standard streams",
        "+ C execute ps (environment: PATH, A, TERM, HOME of USER)");

    [Fact]
    public void Privileged()
    {
        var operations = Of(Options with { Privileged = true }).Steps.Select(step => step.Operation).ToArray();

        Assert.DoesNotContain(PlanOperation.Seccomp, operations);
        Assert.DoesNotContain(PlanOperation.NoNewPrivileges, operations);
        Assert.Equal(
            Plans.AllCapabilities,
            Of(Options with { Privileged = true }).Steps.Single(step => step.Operation == PlanOperation.Capabilities).Arguments[0].Number);
    }

    [Fact]
    public void Host_network_is_not_joined() => Assert.Contains(
        "H join pid, mnt, uts, ipc, cgroup of TARGET, fork into CGROUP where there is one",
        Plans.Lines(StartPlanner.PlanExec(Plans.Root, Plans.Definition with { Network = "host" }, Options, Plans.Host, null)));

    [Fact]
    public void Containers_init_is_not_repeated() => Assert.Empty(Plans.Difference(
        Plain, StartPlanner.PlanExec(Plans.Root, Plans.Definition with { Init = true }, Options, Plans.Host, new byte[8])));

    [Fact]
    public void Version_1_hierarchies_are_entered()
    {
        var plan = StartPlanner.PlanExec(Plans.Root, Plans.Definition, Options, Plans.Host with { Cgroups = Layouts.V1 }, null);

        Assert.Contains("H open /nowhere/cgroup/memory/can-6588117f/ID/tasks → TASKS", Plans.Lines(plan));
        Assert.Contains("H open /nowhere/cgroup/systemd/can-6588117f/monitors/tasks → TASKS", Plans.Lines(plan));
        Assert.Equal(PlanOperation.TasksJoin, plan.Steps.First(step => step.Stage == PlanStage.Child).Operation);
    }

    private static StartPlan Of(ExecOptions options) => StartPlanner.PlanExec(Plans.Root, Plans.Definition, options, Plans.Host, new byte[8]);

    private static void AssertChanges(ExecOptions options, params string[] expected) => Assert.Equal(expected, Plans.Difference(Plain, Of(options)));
}
