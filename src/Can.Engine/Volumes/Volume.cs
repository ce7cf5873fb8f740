using System.Text.Json.Serialization;

namespace Can.Engine.Volumes;

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

/// <summary>A volume as it is kept in volume.json. Where it is follows from its name, so that the store can be moved.</summary>
internal sealed record VolumeRecord
{
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    [JsonRequired]
    public bool Anonymous { get; init; }
}
