using Can.Engine.Images;

namespace Can.Cli.Images;

/// <summary>Facts of images in Docker's words.</summary>
internal static class ImageText
{
    /// <summary>What stands for something that is not there.</summary>
    public const string None = "<none>";

    /// <summary>A reference without its tag or digest.</summary>
    public static string Repository(string? reference) => Parse(reference)?.Name ?? None;

    /// <summary>A reference's tag.</summary>
    public static string Tag(string? reference) => Parse(reference)?.Tag ?? None;

    /// <summary>An Id as Docker writes it.</summary>
    public static string Id(Image image, bool full) => full ? $"sha256:{image.Id}" : image.ShortId;

    /// <summary>A layer's diff id as Docker writes it.</summary>
    public static string Layer(string diffId) => diffId.StartsWith("sha256:", StringComparison.Ordinal) ? diffId : $"sha256:{diffId}";

    private static ImageReference? Parse(string? reference) => reference is null ? null : ImageReference.TryParse(reference);
}
