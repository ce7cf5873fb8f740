using Can.Engine.Images.Oci;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>Chooses from manifests for several platforms.</summary>
internal static class PlatformChoice
{
    /// <summary>The manifest for this machine.</summary>
    /// <exception cref="CanException"><c>PlatformNotFound</c></exception>
    public static OciDescriptor Choose(IEnumerable<OciDescriptor> manifests)
    {
        var images = manifests.Where(static entry => !IsAttestation(entry)).ToList();
        return images.Find(static entry => Fits(entry.Platform)) ?? throw new CanException(
            "PlatformNotFound",
            CanErrorCategory.ObjectNotFound,
            $"The image is not made for this machine (linux/{OciConfiguration.Architecture}), but for {string.Join(", ", images.Select(static entry => Text(entry.Platform)).Distinct().DefaultIfEmpty("no platform at all"))}. Get one for this machine.",
            $"linux/{OciConfiguration.Architecture}");
    }

    /// <summary>Whether it says something about an image instead of being one (build provenance and the like).</summary>
    public static bool IsAttestation(OciDescriptor manifest) =>
        manifest.Platform is { Os: "unknown" } || manifest.Annotation("vnd.docker.reference.type") is not null;

    private static bool Fits(OciPlatform? platform) => platform is { Os: "linux" } && platform.Architecture == OciConfiguration.Architecture;

    private static string Text(OciPlatform? platform) => platform is null
        ? "an unnamed platform"
        : string.Join('/', new[] { platform.Os, platform.Architecture, platform.Variant }.Where(static part => !string.IsNullOrEmpty(part)));
}
