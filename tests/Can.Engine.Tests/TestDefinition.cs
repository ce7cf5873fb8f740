using Can.Engine.Containers;
using Can.Engine.Storage;

namespace Can.Engine.Tests;

/// <summary>Containers that are defined and never run, for what only looks at definitions.</summary>
internal static class TestDefinition
{
    /// <summary>A definition with plain values.</summary>
    public static ContainerDefinition Make(string name, string imageId, params MountSpecification[] mounts) => new()
    {
        Id = Guid.NewGuid().ToString("n") + Guid.NewGuid().ToString("n"),
        Name = name,
        CreatedAt = DateTimeOffset.UnixEpoch,
        Image = "image",
        ImageId = imageId,
        Layers = [],
        Arguments = ["true"],
        Environment = [],
        WorkingDirectory = "/",
        User = "",
        Hostname = name,
        Mounts = mounts,
        StopSignal = 15,
        StopTimeoutSeconds = 10,
    };

    /// <summary>Puts a definition where the store keeps it.</summary>
    public static ContainerDefinition Write(CanRoot root, ContainerDefinition definition)
    {
        Directories.Ensure(root.ContainerState(definition.Id));
        JsonFile.Write($"{root.ContainerState(definition.Id)}/container.json", definition, CanJsonText.Write, durable: false);
        return definition;
    }

    /// <summary>Puts a definition with these mounts where the store keeps it.</summary>
    public static ContainerDefinition Write(CanRoot root, string name, params MountSpecification[] mounts) =>
        Write(root, Make(name, new string('0', 64), mounts));
}
