using Can.Engine.Containers;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;

namespace Can.Engine.Starting;

/// <summary>What a program in a container starts with, be it PID 1 or one that comes later.</summary>
internal sealed record ProcessSettings
{
    public required IReadOnlyList<string> Arguments { get; init; }
    public required IReadOnlyList<string> Environment { get; init; }
    public required string WorkingDirectory { get; init; }
    public required string User { get; init; }
    public required ulong Capabilities { get; init; }
    public required bool NoNewPrivileges { get; init; }
    public required IReadOnlyList<(int Resource, ulong Soft, ulong Hard)> Limits { get; init; }

    /// <summary>The compiled seccomp filter; null for none.</summary>
    public byte[]? Filter { get; init; }

    /// <summary>Name of the session keyring it joins.</summary>
    public required string Keyring { get; init; }

    /// <summary>PID 1 is a small init, the program its child.</summary>
    public bool Init { get; init; }

    /// <summary>The program of the container itself.</summary>
    public static ProcessSettings Of(ContainerDefinition definition, HostFacts host, byte[]? filter) => new()
    {
        Arguments = definition.Arguments,
        Environment = definition.Environment,
        WorkingDirectory = definition.WorkingDirectory,
        User = definition.User,
        Capabilities = StartPlanner.CapabilitiesOf(definition, host),
        NoNewPrivileges = SecuritySettings.Parse(definition.SecurityOptions).NoNewPrivileges ?? !definition.Privileged,
        Limits = ProcessLimits.Of(definition.Ulimits, host),
        Filter = StartPlanner.WantsSeccomp(definition) ? filter : null,
        Keyring = $"can-{definition.Id}",
        Init = definition.Init,
    };
}
