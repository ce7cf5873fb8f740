using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;
using Can.Engine.Containers.Options;

namespace Can.Cli.Containers;

/// <summary>A verb that describes a new container: <c>run</c>, <c>create</c> and <c>plan</c>.</summary>
internal abstract class NewContainerVerb : Verb
{
    private readonly Option<IReadOnlyList<string>> environment = Opt.Texts("--env|-e", "NAME=VALUE", "An environment variable; NAME alone takes its value from here");
    private readonly Option<IReadOnlyList<string>> environmentFiles = Opt.Texts("--env-file", "FILE", "A file with NAME=VALUE lines");
    private readonly Option<string?> entrypoint = Opt.Text("--entrypoint", "PROGRAM", "Program instead of the image's entrypoint; empty for none");
    private readonly Option<string?> user = Opt.Text("--user|-u", "USER[:GROUP]", "User, by name or number");
    private readonly Option<string?> directory = Opt.Text("--workdir|-w", "PATH", "Working directory in the container");
    private readonly Option<string?> hostname = Opt.Text("--hostname|-h", "NAME", "Host name inside");
    private readonly Option<bool> init = Opt.Flag("--init", "A small first process forwards signals and reaps orphans");
    private readonly Option<string?> stopSignal = Opt.Text("--stop-signal", "SIGNAL", "Signal that asks it to end");
    private readonly Option<long?> stopTimeout = Opt.Number("--stop-timeout", "SECONDS", "How long a stop waits before SIGKILL; 10 by default");
    private readonly Option<RestartPolicy?> restart = Opt.One("--restart", "POLICY", "no, on-failure[:RETRIES], always or unless-stopped", RestartPolicy.Parse);
    private readonly Option<IReadOnlyList<string>> labels = Opt.Texts("--label|-l", "NAME=VALUE", "A label");
    private readonly Option<IReadOnlyList<MountSpecification>> volumes = Opt.Many("--volume|-v", "SOURCE:TARGET[:ro]", "A directory of the host, or a named volume", VolumeOf);
    private readonly Option<IReadOnlyList<MountSpecification>> mounts = Opt.Many("--mount", "TEXT", "A mount, such as type=bind,source=/srv,target=/data,readonly", MountSpecification.ParseMount);
    private readonly Option<IReadOnlyList<MountSpecification>> memories = Opt.Many("--tmpfs", "TARGET[:OPTIONS]", "An empty file system in memory", MountSpecification.ParseTmpfs);
    private readonly Option<long?> sharedMemory = Opt.One<long?>("--shm-size", "SIZE", "Size of /dev/shm, such as 256m; 64m by default", static text => ByteSize.Parse(text));
    private readonly Option<IReadOnlyList<string>> sysctls = Opt.Texts("--sysctl", "NAME=VALUE", "A kernel setting of its own, such as net.core.somaxconn=1024");
    private readonly Option<bool> readOnly = Opt.Flag("--read-only", "The root file system cannot be written to");
    private readonly Option<IReadOnlyList<string>> capAdd = Opt.Texts("--cap-add", "CAPABILITY", "A capability in addition, or ALL");
    private readonly Option<IReadOnlyList<string>> capDrop = Opt.Texts("--cap-drop", "CAPABILITY", "A default capability to do without, or ALL");
    private readonly Option<bool> privileged = Opt.Flag("--privileged", "All capabilities and devices, nothing filtered or masked");
    private readonly Option<IReadOnlyList<string>> security = Opt.Texts("--security-opt", "OPTION", "no-new-privileges, seccomp=unconfined or systempaths=unconfined");
    private readonly Option<IReadOnlyList<DeviceMapping>> devices = Opt.Many("--device", "HOST[:CONTAINER]", "A device of the host", DeviceMapping.Parse);
    private readonly Option<IReadOnlyList<Ulimit>> ulimits = Opt.Many("--ulimit", "NAME=SOFT[:HARD]", "A resource limit, such as nofile=1024:2048", Ulimit.Parse);
    private readonly LimitOptions limits = new();
    private readonly NetworkOptions network = new();
    private readonly HealthOptions health = new();
    private readonly Argument<string> image = Arg.One("IMAGE", "Reference or Id of the image");
    private readonly Argument<string[]> command = Arg.Any("COMMAND", "Program and arguments instead of the image's own");

    /// <summary>Adds the options; those of the verb itself stand in front in the help.</summary>
    protected NewContainerVerb(string name, string description, Option[] own, params string[] examples)
        : base(name, description, examples)
    {
        Add(own);
        Add(Name, Interactive, Tty, environment, environmentFiles, entrypoint, user, directory, hostname, init, stopSignal, stopTimeout, restart, labels);
        Add(volumes, mounts, memories, sharedMemory, readOnly, devices);
        Add(limits.All);
        Add(ulimits, capAdd, capDrop, privileged, security, sysctls);
        Add(network.All);
        Add(health.All);
        Add(image, command);
    }

    /// <inheritdoc/>
    public override int? CommandAfter => 1;

    /// <summary>Standard input stays open.</summary>
    protected Option<bool> Interactive { get; } = Opt.Flag("--interactive|-i", "Keep standard input open");

    /// <summary>The container has a terminal.</summary>
    protected Option<bool> Tty { get; } = Opt.Flag("--tty|-t", "Give it a terminal");

    private new Option<string?> Name { get; } = Opt.Text("--name", "NAME", "Its name; one is made up otherwise");

    /// <summary>The container that a command line asks for.</summary>
    protected ContainerOptions Read(ParseResult line) => network.With(
        new()
        {
            Image = line.GetValue(image)!,
            Name = line.GetValue(Name),
            Command = line.GetValue(command),
            Entrypoint = line.GetValue(entrypoint) is { } program ? (program.Length == 0 ? [] : [program]) : null,
            Environment = NamedText.Read(line.GetValue(environment)!, fromEnvironment: true),
            EnvironmentFiles = [.. line.GetValue(environmentFiles)!.Select(Path.GetFullPath)],
            WorkingDirectory = line.GetValue(directory),
            User = line.GetValue(user),
            Hostname = line.GetValue(hostname),
            Mounts = [.. line.GetValue(volumes)!, .. line.GetValue(mounts)!, .. line.GetValue(memories)!],
            SharedMemoryBytes = line.GetValue(sharedMemory),
            Sysctls = NamedText.Read(line.GetValue(sysctls)!, fromEnvironment: false),
            ReadOnly = line.GetValue(readOnly),
            Limits = limits.Read(line),
            Ulimits = line.GetValue(ulimits)!,
            CapAdd = line.GetValue(capAdd)!,
            CapDrop = line.GetValue(capDrop)!,
            Privileged = line.GetValue(privileged),
            SecurityOptions = line.GetValue(security)!,
            Devices = line.GetValue(devices)!,
            Labels = NamedText.Read(line.GetValue(labels)!, fromEnvironment: false),
            RestartPolicy = line.GetValue(restart) ?? RestartPolicy.No,
            StopSignal = line.GetValue(stopSignal),
            StopTimeout = line.GetValue(stopTimeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            HealthCheck = health.Read(line),
            Init = line.GetValue(init),
            Interactive = line.GetValue(Interactive),
            Tty = line.GetValue(Tty),
        },
        line);

    // A path relative to the current directory, as Docker's command takes it; the engine has none.
    private static MountSpecification VolumeOf(string text) =>
        MountSpecification.ParseVolume(text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal) || text.StartsWith(".:", StringComparison.Ordinal)
            ? Path.GetFullPath(text[..text.IndexOf(':', StringComparison.Ordinal)]) + text[text.IndexOf(':', StringComparison.Ordinal)..]
            : text);
}
