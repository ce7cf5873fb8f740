namespace Can.Engine.Images;

/// <summary>What an image made of a container differs in from the container's image, besides the files.</summary>
public sealed partial record CommitOptions
{
    /// <summary>Reference for it, taken from whatever has it; null for none.</summary>
    public string? Reference { get; init; }

    /// <summary>Who made it; null for what the container's image says.</summary>
    public string? Author { get; init; }

    /// <summary>What its history says about the new layer.</summary>
    public string? Message { get; init; }

    /// <summary>Leaves a running container running while its files are read.</summary>
    public bool NoSuspend { get; init; }

    /// <summary>Command; null for the one it has, or for none if there is a new entrypoint.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Entrypoint; null for the one it has.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Variables that are added or changed.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels that are added or changed.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>User; null for the one it has.</summary>
    public string? User { get; init; }

    /// <summary>Absolute working directory; null for the one it has.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Ports that are added, such as <c>80/tcp</c> or <c>80</c>.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    /// <summary>Absolute paths of volumes that are added.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Stop signal; null for the one it has.</summary>
    public string? StopSignal { get; init; }
}
