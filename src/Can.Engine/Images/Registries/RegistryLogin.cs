namespace Can.Engine.Images.Registries;

/// <summary>Who somebody is to a registry.</summary>
public sealed record RegistryLogin
{
    /// <summary>The registry, or a part of it: <c>docker.io</c>, <c>localhost:5000</c>, <c>registry.example/team</c>.</summary>
    public required string Registry { get; init; }

    /// <summary>User name; empty if only a token or a helper program knows.</summary>
    public required string UserName { get; init; }

    /// <summary>The file, or the helper program, that has the credential.</summary>
    public required string Source { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Registry;
}
