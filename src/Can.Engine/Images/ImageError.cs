using System.Text;

namespace Can.Engine.Images;

/// <summary>The errors that an archive can be the cause of.</summary>
internal static class ImageError
{
    /// <summary>The archive breaks its format's rules, or ends too early.</summary>
    public static CanException Corrupt(string what, Exception? cause = null) =>
        new("ImageCorrupt", CanErrorCategory.InvalidData, $"The archive is damaged: {what}. Get or make it anew.", null, cause);

    /// <summary>The archive is well formed, and would write outside of the image.</summary>
    public static CanException UnsafePath(ReadOnlySpan<byte> name, string why) => new(
        "ImageUnsafePath",
        CanErrorCategory.InvalidData,
        $"The archive's entry '{Text(name)}' {why}. Do not trust this archive.",
        Text(name));

    /// <summary>The same error with the archive's path in its message.</summary>
    public static CanException In(string path, CanException error) =>
        new(error.ErrorId, error.Category, $"Cannot import '{path}'. {error.Message}", error.Target ?? path, error);

    /// <summary>It is nothing that can be imported.</summary>
    public static CanException FormatUnknown(string path, string what) => new(
        "ImageFormatUnknown",
        CanErrorCategory.InvalidData,
        $"'{path}' {what}. Give an archive of images (docker save, podman save, OCI), an OCI image layout, or a root file system as a directory or tar archive; archives plain or compressed by gzip, zstd or xz.",
        path);

    /// <summary>A name as text for people; what is not UTF-8 becomes replacement characters.</summary>
    public static string Text(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);
}
