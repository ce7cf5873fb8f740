using Can.Engine.Containers.Options;
using Can.Engine.Images;
using Can.Engine.Kernel;
using Can.Engine.Networks;

namespace Can.Engine.Containers;

/// <summary>Joins what the caller asks for with what the image says, and refuses what this host cannot do before anything is made.</summary>
internal static class DefinitionResolver
{
    private const int DefaultStopSeconds = 10;

    /// <summary>The definition of a new container. Looks at the host's files and makes nothing.</summary>
    /// <param name="root">Where everything is kept.</param>
    /// <param name="options">What the caller asks for.</param>
    /// <param name="image">The image.</param>
    /// <param name="host">The host.</param>
    /// <param name="id">Id of the container: 64 hexadecimal digits.</param>
    /// <param name="name">Its name.</param>
    /// <param name="now">Its time of creation.</param>
    /// <returns>The definition; anonymous volumes have no <see cref="MountSpecification.Source"/> yet.</returns>
    /// <exception cref="CanException">
    /// <c>CommandMissing</c>, <c>WorkingDirectoryInvalid</c>, <c>UserInvalid</c>, <c>HostnameInvalid</c>, <c>EnvironmentInvalid</c>,
    /// <c>HealthCheckInvalid</c>, <c>HealthCheckMissing</c>, <c>LabelInvalid</c>, <c>PortInvalid</c>, <c>RestartPolicyConflict</c>, <c>SignalInvalid</c>, <c>StopTimeoutInvalid</c>, <c>SysctlInvalid</c>, and those
    /// of environment files, mounts, limits, devices, capabilities, security options and networks.
    /// </exception>
    public static ContainerDefinition Resolve(
        CanRoot root, ContainerOptions options, ImageRecord image, HostFacts host, string id, string name, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(host);
        ContainerName.Validate(name);
        var configuration = image.Configuration;
        var hostname = HostnameOf(options.Hostname ?? ContainerId.Short(id));
        var definition = new ContainerDefinition
        {
            Id = id,
            Name = name,
            CreatedAt = now,
            Image = options.Image,
            ImageId = image.Id,
            Layers = image.Layers,
            Arguments = CommandOf(options, configuration),
            Environment = EnvironmentResolver.Resolve(options, configuration, hostname),
            WorkingDirectory = WorkingDirectoryOf(options, configuration),
            User = UserOf(options.User ?? configuration.User),
            Hostname = hostname,
            Mounts = MountResolver.Resolve(MountsOf(options), configuration.Volumes, options.Privileged),
            StopSignal = StopSignalOf(options, configuration),
            StopTimeoutSeconds = StopSecondsOf(options.StopTimeout),
            ReadOnly = options.ReadOnly,
            Limits = options.Limits,
            Ulimits = options.Ulimits,
            CapAdd = options.CapAdd,
            CapDrop = options.CapDrop,
            Privileged = options.Privileged,
            SecurityOptions = options.SecurityOptions,
            Devices = options.Devices,
            Labels = LabelsOf(options, configuration),
            RestartPolicy = RestartPolicyOf(options),
            AutoRemove = options.AutoRemove,
            HealthCheck = HealthCheckResolver.Resolve(options, configuration.HealthCheck),
            Init = options.Init,
            Interactive = options.Interactive,
            Tty = options.Tty,
            ExposedPorts = ExposedPortsOf(options, configuration),
        };
        definition = AttachmentResolver.Resolve(definition, options);
        if (options.Sysctls.Count > 0)
        {
            definition = definition with { Sysctls = Sysctl.Check(options.Sysctls, definition.Network) };
        }

        HostRequirements.Check(root, definition, host);
        return definition;
    }

    /// <summary>Docker's rule: an entrypoint of the caller's own drops the image's command with the image's entrypoint.</summary>
    private static IReadOnlyList<string> CommandOf(ContainerOptions options, ImageConfiguration configuration)
    {
        var command = options.Command is { Count: > 0 } given ? given : options.Entrypoint is null ? configuration.Command : [];
        IReadOnlyList<string> arguments = [.. options.Entrypoint ?? configuration.Entrypoint, .. command];
        return arguments.Count > 0 && arguments[0].Length > 0
            ? arguments
            : throw new CanException(
                "CommandMissing", CanErrorCategory.InvalidArgument,
                $"The image '{options.Image}' has no command of its own, and none was given. Say what to run: -Command sleep,60.", options.Image);
    }

    private static string WorkingDirectoryOf(ContainerOptions options, ImageConfiguration configuration)
    {
        if (options.WorkingDirectory is { } given && !given.StartsWith('/'))
        {
            throw OptionError.Invalid("WorkingDirectoryInvalid", "working directory", given, "an absolute path in the container");
        }

        // An image's relative one is meant from the root.
        var directory = options.WorkingDirectory ?? configuration.WorkingDirectory;
        return '/' + string.Join('/', directory.Split('/', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string UserOf(string user)
    {
        var parts = user.Split(':');
        return user.Length == 0 || (parts.Length <= 2 && parts.All(part => part.Length > 0 && !part.Any(char.IsWhiteSpace)))
            ? user
            : throw OptionError.Invalid("UserInvalid", "user", user, "USER or USER:GROUP, by name or number");
    }

    /// <remarks>The kernel takes 64 bytes; the characters are those of RFC 1123 and the underscore that people use all the same.</remarks>
    private static string HostnameOf(string hostname) =>
        hostname.Length is > 0 and <= 64 && hostname[0] != '-' && hostname[0] != '.'
        && hostname.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_')
            ? hostname
            : throw OptionError.Invalid("HostnameInvalid", "host name", hostname, "up to 64 of the characters a-z, A-Z, 0-9, '-', '.' and '_'");

    private static RestartPolicy RestartPolicyOf(ContainerOptions options) =>
        !options.AutoRemove || options.RestartPolicy.Condition == RestartCondition.No ? options.RestartPolicy : throw new CanException(
            "RestartPolicyConflict", CanErrorCategory.InvalidArgument,
            "A container that is removed when it ends cannot be restarted. Leave out the restart policy, or the removal.");

    private static int StopSignalOf(ContainerOptions options, ImageConfiguration configuration)
    {
        var text = options.StopSignal ?? configuration.StopSignal;
        return text.Length == 0 ? SignalNumber.Terminate : SignalNumber.Parse(text);
    }

    private static int StopSecondsOf(TimeSpan? timeout) => timeout switch
    {
        null => DefaultStopSeconds,
        { Ticks: < 0 } or { TotalSeconds: > int.MaxValue } => throw new CanException(
            "StopTimeoutInvalid", CanErrorCategory.InvalidArgument,
            $"A stop cannot wait for {timeout}. Give a time from 0 seconds up.", timeout),
        { } given => (int)Math.Ceiling(given.TotalSeconds),
    };

    /// <summary>A size of its own makes /dev/shm a mount like any other, with the flags of the one that it replaces.</summary>
    private static IReadOnlyList<MountSpecification> MountsOf(ContainerOptions options) => options.SharedMemoryBytes is not { } bytes ? options.Mounts :
    [
        .. options.Mounts,
        new() { Kind = MountKind.Tmpfs, Target = "/dev/shm", TmpfsSizeBytes = bytes > 0 ? bytes : throw OptionError.Invalid("SizeInvalid", "size of /dev/shm", $"{bytes}", "a number of bytes above 0"), TmpfsFlags = ["nosuid", "nodev", "noexec"] },
    ];

    private static IReadOnlyList<string>? ExposedPortsOf(ContainerOptions options, ImageConfiguration configuration) => options.ExposedPorts.Count == 0
        ? configuration.ExposedPorts is { Count: > 0 } ports ? ports : null
        : [.. configuration.ExposedPorts.Concat(options.ExposedPorts.SelectMany(static text => PortMapping.OfExposed(text).Each()).Select(static port => port.ContainerEnd)).Distinct()];

    private static Dictionary<string, string> LabelsOf(ContainerOptions options, ImageConfiguration configuration)
    {
        var labels = new Dictionary<string, string>(configuration.Labels, StringComparer.Ordinal);
        foreach (var (name, value) in options.Labels)
        {
            labels[name.Length > 0 ? name : throw OptionError.Invalid("LabelInvalid", "label", $"={value}", "a name before the equals sign")] = value;
        }

        return labels;
    }
}
