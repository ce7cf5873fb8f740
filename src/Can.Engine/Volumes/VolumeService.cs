namespace Can.Engine.Volumes;

/// <summary>Everything that can be done with named volumes.</summary>
public sealed partial class VolumeService
{
    private readonly CanEngine engine;

    internal VolumeService(CanEngine engine) => this.engine = engine;

    /// <summary>The root this service works on.</summary>
    public CanRoot Root => engine.Root;
}

/// <summary>A named volume.</summary>
public sealed record Volume
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where its files are on the host.</summary>
    public required string Path { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it was made for one container without a name of its own, and goes with it.</summary>
    public bool Anonymous { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
