using Can.Engine.Images.Oci;
using Can.Engine.Images.Registries;

namespace Can.Engine.Images;

// The image of a new container: the one place that knows when it is received from its registry.
public sealed partial class ImageService
{
    /// <summary>The image for a new container; null if it has to be received first.</summary>
    /// <param name="text">What the caller gave: reference, Id or unique Id prefix.</param>
    /// <param name="pull">When and how an image is received; null for never.</param>
    /// <param name="wanted">What has to be received; null if the image is there.</param>
    /// <exception cref="CanException"><c>ImageNotFound</c>, <c>ImageIdAmbiguous</c>, <c>StoreCorrupt</c>, <c>PlatformInvalid</c>,
    /// <c>PlatformNotFound</c>: it is there for another platform only; <c>ReferenceInvalid</c>: an Id cannot be received.</exception>
    internal ImageRecord? FindOrWant(string text, ImagePull? pull, out ImageReference? wanted)
    {
        var found = TryFind(text, out var reference);
        var platform = pull?.Registry.Platform is { } given ? HostPlatform.Parse(given) : null;
        var fits = found is not null && (platform is null || IsFor(platform, found));
        wanted = null;
        if (fits && pull?.Policy != PullPolicy.Always)
        {
            return found;
        }

        var lacking = found is null ? NotFound(text) : NotFor(text, found, platform);
        if (pull is null or { Policy: PullPolicy.Never })
        {
            throw lacking;
        }

        wanted = (found is null || reference is not null) && !text.StartsWith(IdPrefix, StringComparison.Ordinal) ? ImageReference.TryParse(text) : null;
        return wanted is not null ? null : throw (fits ? IdGiven(text) : lacking);
    }

    /// <summary>Receives the image of a new container.</summary>
    /// <exception cref="CanException">Those of <see cref="Receive"/>, with what to do without a registry.</exception>
    internal ImageRecord Pull(ImageReference reference, ImagePull pull, CancellationToken cancellation)
    {
        var text = reference.ToString();
        var isThere = TryFind(text, out _) is not null;
        var progress = new TransferProgress();
        try
        {
            var watch = pull.Watch ?? (static (_, transfer) => transfer());
            watch(progress, () => Receive(text, pull.Registry, maximumSize: null, progress, cancellation));
        }
        catch (CanException error)
        {
            var platform = pull.Registry.Platform is { } given ? $" for {given}" : "";
            throw NotReceived(text, platform, isThere && pull.Policy == PullPolicy.Always, error);
        }

        return Require(text);
    }

    // Not every configuration says which variant of an architecture it is for.
    private static bool IsFor(OciPlatform wanted, ImageRecord image)
    {
        var actual = PlatformOf(image);
        return HostPlatform.IsFor(string.IsNullOrEmpty(actual.Variant) ? wanted with { Variant = null } : wanted, actual);
    }

    private static OciPlatform PlatformOf(ImageRecord image) =>
        new() { Os = image.Image.Os, Architecture = image.Image.Architecture, Variant = image.Image.Variant };

    private static CanException NotReceived(string reference, string platform, bool isThere, CanException error) => new(
        error.ErrorId,
        error.Category,
        isThere
            ? $"The image '{reference}' cannot be received anew. {error.Message} With -Pull Missing the one that is there is used."
            : $"There is no image '{reference}'{platform}, and it cannot be received. {error.Message} Import-CanImage gets one from a file.",
        error.Target ?? reference,
        error);

    private static CanException NotFor(string text, ImageRecord found, OciPlatform? platform) => new(
        "PlatformNotFound",
        CanErrorCategory.ObjectNotFound,
        $"The image '{text}' is there for {HostPlatform.Text(PlatformOf(found))} and not for {(platform is null ? HostPlatform.Name : HostPlatform.Text(platform))}. Receive-CanImage gets the other one by its reference.",
        text);

    private static CanException IdGiven(string text) => new(
        "ReferenceInvalid",
        CanErrorCategory.InvalidArgument,
        $"'{text}' is an Id, by which no registry knows an image. Give a reference, or leave out -Pull Always.",
        text);
}
