using Can.Engine.Containers;
using Can.Engine.Kernel;
using Can.Engine.Starting;

namespace Can.Engine.Tests.Starting;

/// <summary>What a container's program may do: capabilities, filter, no_new_privs, limits, and what privileged changes.</summary>
public sealed class PlanRightsTests
{
    private static readonly StartPlan Plain = Plans.Of(Plans.Definition);

    [Theory]
    [InlineData("", "", "")]
    [InlineData("NET_ADMIN", "", "+NET_ADMIN")]
    [InlineData("cap_net_admin", "CHOWN,cap_mknod", "+NET_ADMIN -CHOWN -MKNOD")]
    [InlineData("CHOWN", "CHOWN", "")]
    [InlineData("", "ALL", "none")]
    [InlineData("CHOWN,KILL", "all", "only CHOWN KILL")]
    [InlineData("ALL", "", "all")]
    [InlineData("ALL", "SYS_ADMIN", "all -SYS_ADMIN")]
    public void Capabilities_are_added_and_dropped(string added, string dropped, string expected)
    {
        var definition = Plans.Definition with { CapAdd = Split(added), CapDrop = Split(dropped) };

        Assert.Equal(Expected(expected), StartPlanner.CapabilitiesOf(definition, Plans.Host));
    }

    [Fact]
    public void Kernel_settings_are_written_before_they_are_protected()
    {
        var settings = new Dictionary<string, string> { ["net.ipv4.conf.eth0/1.forwarding"] = "1", ["kernel.sem"] = "250 32000 32 128" };
        var plan = Plans.Of(Plans.Definition with { Sysctls = settings });

        Assert.Equal(
            ["+ C write \"1\" to /proc/sys/net/ipv4/conf/eth0.1/forwarding in ROOT", "+ C write \"250 32000 32 128\" to /proc/sys/kernel/sem in ROOT"],
            Plans.Difference(Plans.Of(Plans.Definition), plan));
        var lines = Plans.Lines(plan).ToList();
        Assert.True(lines.FindIndex(static line => line.Contains("/kernel/sem", StringComparison.Ordinal)) < lines.FindIndex(static line => line.Contains("read-only", StringComparison.Ordinal)));
    }

    [Fact]
    public void Capabilities_that_the_host_lacks_are_left_out()
    {
        var host = Plans.Host with { Capabilities = Plans.AllCapabilities & ~Capabilities.Parse("MKNOD") };

        Assert.Equal(Expected("-MKNOD"), StartPlanner.CapabilitiesOf(Plans.Definition, host));
        Assert.Equal(host.Capabilities, StartPlanner.CapabilitiesOf(Plans.Definition with { Privileged = true }, host));
    }

    [Theory]
    [InlineData(false, "", true)]
    [InlineData(false, "seccomp=unconfined", false)]
    [InlineData(false, "seccomp=default", true)]
    [InlineData(true, "", false)]
    public void Filter_is_wanted(bool privileged, string option, bool expected)
    {
        var definition = Plans.Definition with { Privileged = privileged, SecurityOptions = Split(option) };

        Assert.Equal(expected, StartPlanner.WantsSeccomp(definition));
        Assert.Equal(expected, Plans.Of(definition).Steps.Any(step => step.Operation == PlanOperation.Seccomp));
    }

    [Fact]
    public void Filter_is_loaded_last_but_not_after_the_right_to_load_it_is_gone()
    {
        var with = Order(Plans.Definition);
        var without = Order(Plans.Definition with { SecurityOptions = ["no-new-privileges=false"] });

        Assert.Equal(
            [PlanOperation.User, PlanOperation.ParentDeathSignal, PlanOperation.Capabilities, PlanOperation.NoNewPrivileges, PlanOperation.Seccomp],
            with);
        Assert.Equal(
            [PlanOperation.Seccomp, PlanOperation.User, PlanOperation.ParentDeathSignal, PlanOperation.Capabilities], without);
    }

    [Fact]
    public void System_paths_unconfined() => Assert.Equal(
        ["- C hide /proc/kcore", "- C hide /sys/firmware", "- C make /proc/sys read-only"],
        Plans.Difference(Plain, Plans.Of(Plans.Definition with { SecurityOptions = ["systempaths=unconfined"] })));

    [Fact]
    public void Privileged()
    {
        var lines = Plans.Lines(Plans.Of(Plans.Definition with { Privileged = true }));
        string[] gone = ["nodev, index", "mount tmpfs on /dev ", "hide", "read-only", "(ro", "no_new_privs", "seccomp", "C link", "bind /dev/"];

        Assert.All(gone, part => Assert.DoesNotContain(lines, line => line.Contains(part, StringComparison.Ordinal)));
        Assert.Contains("C mount devtmpfs on /dev (nosuid)", lines);
        Assert.Contains("C mount sysfs on /sys (nosuid, nodev, noexec)", lines);
        Assert.Contains("C bind /r/run/containers/ID/etc/hosts on /etc/hosts", lines);
        Assert.Contains($"C set capabilities to {string.Join(", ", Capabilities.Names(Plans.AllCapabilities))}", lines);
    }

    [Fact]
    public void Privileged_with_no_new_privileges() => Assert.Contains(
        Plans.Of(Plans.Definition with { Privileged = true, SecurityOptions = ["no-new-privileges"] }).Steps,
        step => step.Operation == PlanOperation.NoNewPrivileges);

    [Theory]
    [InlineData("app:staff", "app:staff")]
    [InlineData("1000", "1000")]
    [InlineData("", "0")]
    public void User(string user, string expected) =>
        Assert.Contains($"C become user {expected} → USER", Plans.Lines(Plans.Of(Plans.Definition with { User = user })));

    [Fact]
    public void Limits_follow_the_default_for_open_files() => Assert.Equal(
        ["+ C limit core to unlimited (hard limit unlimited)", "+ C limit nproc to 5 (hard limit 9)"],
        Plans.Difference(Plain, Plans.Of(Plans.Definition with { Ulimits = [new("core", -1, -1), new("nproc", 5, 9)] })));

    [Fact]
    public void Own_limit_of_open_files_replaces_the_default() => Assert.Equal(
        ["- C limit nofile to 1024 (hard limit 524288)", "+ C limit nofile to 10 (hard limit 20)"],
        Plans.Difference(Plain, Plans.Of(Plans.Definition with { Ulimits = [new("nofile", 10, 20)] })));

    [Theory]
    [InlineData(20000, "1024 (hard limit 20000)")]
    [InlineData(512, "512 (hard limit 512)")]
    public void Default_for_open_files_keeps_to_the_hosts_hard_limit(ulong hard, string expected) =>
        Assert.Contains($"C limit nofile to {expected}", Plans.Lines(Plans.Of(Plans.Definition, Limited(hard))));

    [Fact]
    public void Limit_above_the_hosts_needs_a_capability()
    {
        var definition = Plans.Definition with { Ulimits = [new("nofile", 1, 20001)] };
        var error = Assert.Throws<CanException>(() => Plans.Of(definition, Limited(20000)));

        Assert.Equal("UlimitTooHigh", error.ErrorId);
        Assert.Contains("20000", error.Message, StringComparison.Ordinal);
        Assert.Contains("C limit nofile to 1 (hard limit 20001)", Plans.Lines(Plans.Of(definition, Limited(20000) with { Capabilities = Plans.AllCapabilities })));
    }

    private static HostFacts Limited(ulong openFiles) => Plans.Host with
    {
        Capabilities = Plans.AllCapabilities & ~Capabilities.Parse("SYS_RESOURCE"),
        HardLimits = [.. Enumerable.Range(0, 16).Select(resource => resource == 7 ? openFiles : ulong.MaxValue)],
    };

    private static PlanOperation[] Order(ContainerDefinition definition) =>
    [
        .. Plans.Of(definition).Steps.Select(step => step.Operation).Where(operation =>
            operation is PlanOperation.User or PlanOperation.ParentDeathSignal or PlanOperation.Capabilities
                or PlanOperation.NoNewPrivileges or PlanOperation.Seccomp),
    ];

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    // "+X" and "-X" change what has been said so far, at first the defaults; "only" and "none" begin with nothing.
    private static ulong Expected(string text)
    {
        var mask = Capabilities.Default;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            mask = word switch
            {
                "none" or "only" => 0,
                "all" => Plans.AllCapabilities,
                ['-', .. var name] => mask & ~Capabilities.Parse(name),
                ['+', .. var name] => mask | Capabilities.Parse(name),
                _ => mask | Capabilities.Parse(word),
            };
        }

        return mask;
    }
}
