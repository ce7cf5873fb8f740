using System.Globalization;
using Can.Engine.Containers;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Netlink;

namespace Can.Engine.Starting;

/// <summary>Steps as sentences, with flags, capabilities, signals and resources by name and slots in capitals.</summary>
internal static class StepDescription
{
    private const int ShownBytes = 64;

    /// <summary>The sentence of a step.</summary>
    public static string Of(PlanStep step) => step.Operation switch
    {
        < PlanOperation.MakeDirectory => OfSetting(step),
        < PlanOperation.TasksJoin => OfHost(step),
        < PlanOperation.Terminal => OfTree(step),
        _ => OfProcess(step),
    };

    private static string OfSetting(PlanStep step) => step.Operation switch
    {
        PlanOperation.SettingRunDirectory => $"keep live status and control socket in {Text(step, 0)}",
        PlanOperation.SettingStateDirectory => $"keep the final status in {Text(step, 0)}",
        PlanOperation.SettingLog => $"log to {Text(step, 0)} ({Number(step, 2)} files of {Size(Number(step, 1))})",
        PlanOperation.SettingRestart => $"restart: {new RestartPolicy((RestartCondition)Number(step, 0), (int)Number(step, 1))}",
        PlanOperation.SettingOomCounter => $"read OOM kills from {Text(step, 0)}",
        PlanOperation.SettingStdinOpen => "keep standard input open",
        PlanOperation.SettingTerminal => $"terminal of {Number(step, 0)} rows and {Number(step, 1)} columns",
        PlanOperation.SettingAttached => $"attach CONSOLE to {(Number(step, 0) == 2 ? "output" : "input and output")} before the first run",
        PlanOperation.SettingPorts => $"hold the sockets of {Number(step, 0)} published ports: PORTS",
        PlanOperation.SettingDetachKeys => $"detach on the bytes {Hex(step.Arguments[0])}",
        PlanOperation.SettingHealth => HealthText(step),
        _ => Unknown(step),
    };

    private static string OfHost(PlanStep step) => step.Operation switch
    {
        PlanOperation.MakeDirectory => $"make directory {Text(step, 0)} (mode {Octal(Number(step, 1))})",
        PlanOperation.RemoveDirectory => $"remove directory {Text(step, 0)}",
        PlanOperation.WriteFile => $"write \"{Text(step, 1)}\" to {Text(step, 0)}",
        PlanOperation.RemoveFile => $"remove file {Text(step, 0)}",
        PlanOperation.CgroupOpen => $"open cgroup {Text(step, 0)} → CGROUP",
        PlanOperation.TasksOpen => $"open {Text(step, 0)} → TASKS",
        PlanOperation.Clone => $"clone {NamespaceNames(Number(step, 0))}, into CGROUP where there is one",
        PlanOperation.Join => $"join {NamespaceNames(Number(step, 0))} of TARGET, fork into CGROUP where there is one",
        PlanOperation.Netlink => NetlinkText.Describe(Bytes(step), step.Arguments.Count < 2 ? 0 : (int)Number(step, 1), [.. step.Arguments.Skip(2).Select(slot => slot.Number)]),
        PlanOperation.MonitorCgroup => $"be born in cgroup {Text(step, 0)}",
        PlanOperation.ForgetConnections => $"forget tracked connections to {PortText.List(Bytes(step))}",
        _ => Unknown(step),
    };

    private static string OfTree(PlanStep step) => step.Operation switch
    {
        PlanOperation.TasksJoin => "write \"0\" to TASKS",
        PlanOperation.Unshare => $"unshare {NamespaceNames(Number(step, 0))}",
        PlanOperation.ParentDeathSignal => $"ask for {SignalNumber.Name((int)Number(step, 0))} when the parent dies",
        PlanOperation.Mount => MountText(step),
        PlanOperation.Overlay => OverlayText(step),
        PlanOperation.RootDirectory => $"bind {Text(step, 0)} on {Text(step, 1)}{FlagNames.List(FlagNames.Root(Number(step, 2)))} → ROOT",
        PlanOperation.MountIn => $"mount {Text(step, 0)} on {Text(step, 2)}{FlagNames.List(FlagNames.MountAttributes(Number(step, 3)), Text(step, 4))}",
        PlanOperation.BindIn => BindText(step),
        PlanOperation.SymlinkIn => $"link {Text(step, 1)} to {Text(step, 0)}",
        PlanOperation.MakeDirectoryIn => $"make directory {Text(step, 0)} in ROOT (mode {Octal(Number(step, 1))}, {Number(step, 2)}:{Number(step, 3)})",
        PlanOperation.Mask => $"hide {Text(step, 0)}",
        PlanOperation.ReadOnlyIn => $"make {Text(step, 0)} read-only",
        PlanOperation.SeedVolume => $"copy what the image has at {Text(step, 0)} to {Text(step, 1)}, if that is empty",
        PlanOperation.RootReadOnly => "make ROOT read-only",
        _ => Unknown(step),
    };

    private static string OfProcess(PlanStep step) => step.Operation switch
    {
        PlanOperation.Terminal => "open TERMINAL, make it the standard streams",
        PlanOperation.PivotRoot => "pivot into ROOT, let go of the host's root",
        PlanOperation.Hostname => $"set the host name to {Text(step, 0)}",
        PlanOperation.Domainname => $"set the domain name to {Text(step, 0)}",
        PlanOperation.ResourceLimit => $"limit {Ulimit.NameOf(Number(step, 0))} to {Limit(Number(step, 1))} (hard limit {Limit(Number(step, 2))})",
        PlanOperation.Umask => $"set the umask to {Octal(Number(step, 0))}",
        PlanOperation.Keyring => $"join a new session keyring {Text(step, 0)}",
        PlanOperation.BoundingSet => $"keep only these capabilities for good: {CapabilityNames(Number(step, 0))}",
        PlanOperation.User => $"become user {string.Join(", ", step.Arguments)} → USER",
        PlanOperation.Capabilities => CapabilitiesText(step),
        PlanOperation.NoNewPrivileges => "give up gaining privileges by execve (no_new_privs)",
        PlanOperation.Seccomp => string.Create(CultureInfo.InvariantCulture, $"load a seccomp filter of {step.Arguments[0].ByteCount / 8} instructions"),
        PlanOperation.WorkingDirectory => $"change directory to {Text(step, 0)}",
        PlanOperation.WriteFileIn => $"write \"{Text(step, 1)}\" to {Text(step, 0)} in ROOT",
        PlanOperation.AwaitLinks => $"wait until {string.Join(", ", step.Arguments.Select(number => $"eth{number}"))} can send",
        PlanOperation.Init => "stay as PID 1 that passes signals on and reaps; its child goes on",
        PlanOperation.Execute => ExecuteText(step),
        PlanOperation.JoinNetwork => $"join the network of the container that {Text(step, 0)} tells of",
        _ => Unknown(step),
    };

    private static string HealthText(PlanStep step)
    {
        var start = Number(step, 2) == 0 ? "" : $", every {Seconds(step, 3)} while it starts ({Seconds(step, 2)} at most)";
        return $"check health every {Seconds(step, 0)}{start}; a probe has {Seconds(step, 1)}, {Number(step, 4)} failures in a row mean unhealthy";
    }

    private static string MountText(PlanStep step)
    {
        var flags = FlagNames.MountFlags(Number(step, 3));
        var what = Text(step, 2).Length == 0 && Text(step, 0).Length == 0
            ? $"make mounts at {Text(step, 1)}"
            : $"mount {Text(step, 0)} on {Text(step, 1)}";
        return $"{what}{FlagNames.List(flags, Text(step, 4))}";
    }

    private static string OverlayText(PlanStep step)
    {
        var layers = string.Join(", ", step.Arguments.Skip(5));
        return $"mount overlay on {Text(step, 0)}{FlagNames.List(FlagNames.Root(Number(step, 3)), Text(step, 4))} → ROOT; upper {Text(step, 1)}, work {Text(step, 2)}, lower {layers}";
    }

    private static string BindText(PlanStep step)
    {
        List<string> flags = [.. FlagNames.MountAttributes(Number(step, 2))];
        flags.AddRange(FlagNames.MountFlags(Number(step, 5)));
        if (Number(step, 3) == 1)
        {
            flags.Add("recursive");
        }

        flags.AddRange(FlagNames.MountAttributes(Number(step, 6)).Select(name => $"not {name}"));
        return $"bind {Text(step, 0)} on {Text(step, 1)}{FlagNames.List(flags)}";
    }

    private static string CapabilitiesText(PlanStep step)
    {
        string[] sets = ["effective", "permitted", "inheritable", "ambient"];
        var same = Number(step, 0) == Number(step, 1);
        var parts = sets.Select((set, index) => (set, mask: Number(step, index))).Skip(same ? 2 : 0)
            .Where(part => part.mask != 0).Select(part => $"; {part.set}: {CapabilityNames(part.mask)}");
        return (same ? $"set capabilities to {CapabilityNames(Number(step, 0))}" : "set capabilities") + string.Concat(parts);
    }

    private static string ExecuteText(PlanStep step)
    {
        var count = (int)Number(step, 0);
        var arguments = step.Arguments.Skip(1).Take(count).Select(argument => Quote(argument.ToString()));
        var names = step.Arguments.Skip(1 + count).Select(variable => variable.ToString().Split('=')[0]);
        return $"execute {string.Join(' ', arguments)} (environment: {string.Join(", ", names)}, HOME of USER)";
    }

    private static string Quote(string argument) =>
        argument.Length > 0 && !argument.Any(letter => char.IsWhiteSpace(letter) || letter is '\'' or '"') ? argument : $"'{argument}'";

    private static string NamespaceNames(ulong flags) => string.Join(", ", FlagNames.Namespaces(flags));

    private static string CapabilityNames(ulong mask) => mask == 0 ? "none" : string.Join(", ", Capabilities.Names(mask));

    private static string Limit(ulong value) => value == ulong.MaxValue ? "unlimited" : value.ToString(CultureInfo.InvariantCulture);

    private static string Size(ulong bytes) => bytes == 0 ? "any size" : string.Create(CultureInfo.InvariantCulture, $"at most {bytes} bytes");

    private static string Seconds(PlanStep step, int index) => string.Create(CultureInfo.InvariantCulture, $"{Number(step, index) / 1e9:0.###} s");

    private static string Octal(ulong mode) => Convert.ToString((long)mode, 8).PadLeft(4, '0');

    private static string Hex(PlanArgument argument) =>
        argument.Bytes is { Length: > 0 and <= ShownBytes } bytes ? Convert.ToHexStringLower(bytes.Span) : argument.ToString();

    private static string Text(PlanStep step, int index) => step.Arguments[index].ToString();

    private static byte[] Bytes(PlanStep step) => step.Arguments[0].Bytes.GetValueOrDefault().ToArray();

    private static ulong Number(PlanStep step, int index) => step.Arguments[index].Number;

    private static string Unknown(PlanStep step) => $"{step.Operation} {string.Join(' ', step.Arguments)}";
}
