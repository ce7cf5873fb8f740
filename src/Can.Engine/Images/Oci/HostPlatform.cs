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

    /// <summary>A platform as people write it.</summary>
    /// <param name="text"><c>linux/arm64</c>, <c>linux/arm/v7</c>, or an architecture alone.</param>
    /// <exception cref="CanException"><c>PlatformInvalid</c></exception>
    public static OciPlatform Parse(string text)
    {
        var parts = text.Split('/');
        return Array.TrueForAll(parts, static part => part.Length > 0)
            ? parts switch
            {
                [var architecture] => new() { Os = "linux", Architecture = architecture },
                [var os, var architecture] => new() { Os = os, Architecture = architecture },
                [var os, var architecture, var variant] => new() { Os = os, Architecture = architecture, Variant = variant },
                _ => throw Invalid(text),
            }
            : throw Invalid(text);
    }

    /// <summary>The manifest for a platform; null if there is none.</summary>
    /// <param name="manifests">Those there are.</param>
    /// <param name="wanted">The platform; without a variant the first one of the architecture will do. Null for this machine's.</param>
    public static OciDescriptor? Choose(IReadOnlyList<OciDescriptor> manifests, OciPlatform? wanted) =>
        wanted is null ? Choose(manifests) : manifests.FirstOrDefault(manifest => IsFor(wanted, manifest.Platform));

    /// <summary>Whether something for one platform is what somebody wants who asks for another.</summary>
    public static bool IsFor(OciPlatform wanted, OciPlatform? actual) => actual is not null && actual.Os == wanted.Os
        && actual.Architecture == wanted.Architecture && (wanted.Variant ?? actual.Variant ?? "") == (actual.Variant ?? "");

    private static CanException Invalid(string text) => new(
        "PlatformInvalid", CanErrorCategory.InvalidArgument, $"'{text}' is no platform. Write OS/ARCHITECTURE, such as linux/arm64 or linux/arm/v7.", text);

    /// <summary>The manifest for this machine; null if there is none. A single one that does not say what it is for is taken.</summary>
    private static OciDescriptor? Choose(IReadOnlyList<OciDescriptor> manifests)
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

    /// <summary>A platform as people write it.</summary>
    public static string Text(OciPlatform platform) =>
        string.Join('/', new[] { platform.Os, platform.Architecture, platform.Variant }.Where(static part => !string.IsNullOrEmpty(part)));
}
