using System.Runtime.InteropServices;

namespace Can.Engine.Images.Oci;

/// <summary>What this machine runs, and which of an index's manifests is for it.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/image-index.md#platform-variants</remarks>
internal static class HostPlatform
{
    /// <summary>The platform as people write it: <c>linux/amd64</c>.</summary>
    public static string Name => Text(new OciPlatform { Os = "linux", Architecture = OciConfiguration.Architecture, Variant = Variants[0] });

    /// <summary>Variants of its architecture that this machine runs, the best first; the empty one is what has none.</summary>
    private static string[] Variants => RuntimeInformation.OSArchitecture switch
    {
        Architecture.Arm64 => ["", "v8"],
        Architecture.Arm => ["v7", "", "v6", "v5"],
        Architecture.Armv6 => ["v6", "", "v5"],
        Architecture.X64 => ["", "v1"],
        _ => [""],
    };

    /// <summary>The manifest for this machine; null if there is none. A single one that does not say what it is for is taken.</summary>
    public static OciDescriptor? Choose(IReadOnlyList<OciDescriptor> manifests)
    {
        var fitting = manifests.Where(static manifest => manifest.Platform is { Os: "linux" } platform && platform.Architecture == OciConfiguration.Architecture).ToList();
        return Variants
            .Select(variant => fitting.Find(manifest => (manifest.Platform!.Variant ?? "") == variant))
            .FirstOrDefault(static found => found is not null)
            ?? (manifests is [{ Platform: null } only] ? only : null);
    }

    /// <summary>What an index is for, as people write it, without what is no platform (signatures and the like).</summary>
    public static string Describe(IEnumerable<OciDescriptor> manifests) => string.Join(", ", manifests
        .Select(static manifest => manifest.Platform)
        .OfType<OciPlatform>()
        .Where(static platform => platform.Os is not (null or "unknown"))
        .Select(Text)
        .Distinct());

    private static string Text(OciPlatform platform) =>
        string.Join('/', new[] { platform.Os, platform.Architecture, platform.Variant }.Where(static part => !string.IsNullOrEmpty(part)));
}
