using Can.Engine;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;
using Can.Engine.Networks;

namespace CanPS.Completion;

/// <summary>Names of containers.</summary>
internal sealed class ContainerNameCompleter : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) =>
        engine.Containers.Names().Order(StringComparer.Ordinal).Select(name => (name, name));
}

/// <summary>Short Ids of containers.</summary>
internal sealed class ContainerIdCompleter : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) =>
        engine.Containers.List().Select(container => (container.ShortId, $"{container.Name} ({container.State})"));
}

/// <summary>References of images.</summary>
internal sealed class ImageReferenceCompleter : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) =>
        engine.Images.List().SelectMany(image => image.References.Select(reference => (reference, $"{reference} ({image.ShortId})")));
}

/// <summary>Short Ids of images.</summary>
internal sealed class ImageIdCompleter : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) =>
        engine.Images.List().Select(image => (image.ShortId, image.ToString()));
}

/// <summary>Names of volumes.</summary>
internal sealed class VolumeNameCompleter : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) =>
        engine.Volumes.List().Select(volume => (volume.Name, volume.Path));
}

/// <summary>Names of networks.</summary>
internal sealed class NetworkNameCompleter : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) =>
        engine.Networks.List().Select(network => (network.Name, $"{network.Name} ({string.Join(", ", network.Subnet)})"));
}

/// <summary>What a container can be told for a network.</summary>
internal sealed class NetworkCompleter : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) =>
        engine.Networks.Names().Append(NetworkName.Default).Distinct().Order(StringComparer.Ordinal).Select(name => (name, $"the network {name}"))
            .Append((NetworkMode.None, "a loopback interface only")).Append((NetworkMode.Host, "the host's own network"))
            .Concat(engine.Containers.Names().Order(StringComparer.Ordinal).Select(name => (NetworkMode.ContainerPrefix + name, $"the network of the container {name}")));
}

/// <summary>Capabilities and <c>ALL</c>.</summary>
internal sealed class CapabilityCompleter : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) =>
        Capabilities.Names(ulong.MaxValue).Prepend("ALL").Select(name => (name, name == "ALL" ? "every capability" : "CAP_" + name));
}

/// <summary>Containers' sides of a copy, as far as their names; everything else is completed as a path of the host.</summary>
internal sealed class ContainerPathCompleter : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) =>
        engine.Containers.Names().Order(StringComparer.Ordinal).Select(name => ($"{name}:/", $"a path in {name}"));
}
