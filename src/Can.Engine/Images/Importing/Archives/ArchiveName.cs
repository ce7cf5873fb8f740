using System.Text;
using System.Text.RegularExpressions;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>Names of the files in an image archive or layout.</summary>
internal static partial class ArchiveName
{
    public const string Index = "index.json";
    public const string Layout = "oci-layout";
    public const string DockerManifest = "manifest.json";
    public const string Blobs = "blobs/sha256/";

    /// <summary>A name as it is compared: without leading and doubled slashes and <c>.</c> components.</summary>
    /// <exception cref="CanException"><c>ImageUnsafePath</c></exception>
    public static string Of(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(EntryName.Normalize(name).AsSpan()[..^1]);

    /// <summary>What a link in the archive means; null if that is outside of it.</summary>
    /// <param name="name">The link's own name; empty for what counts from the archive's root, as hard links do.</param>
    /// <param name="text">The link's text.</param>
    public static string? Target(string name, ReadOnlySpan<byte> text)
    {
        var parts = new List<string>(text.StartsWith("/"u8) ? [] : name.Split('/')[..^1]);
        foreach (var part in Encoding.UTF8.GetString(text).Split('/'))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                {
                    return null;
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>
    /// Whether an archive that begins with this entry may be one of images rather than a root file system: from a pipe that has to be
    /// known before the rest is seen. Docker, Podman, Skopeo, Kaniko, Bazel and Nix begin with digests, blobs or one of the records.
    /// </summary>
    public static bool MayBeginImages(string name) => ImageName().IsMatch(name);

    [GeneratedRegex("^((sha256:)?[0-9a-f]{64}(/.*|\\.json|\\.tar(\\.gz)?)?|blobs(/.*)?|[^/]+\\.(json|tar|tar\\.gz|tgz|tar\\.zst)|oci-layout|repositories)$", RegexOptions.CultureInvariant)]
    private static partial Regex ImageName();
}
