using Can.Engine.Images.Oci;
using Can.Engine.Images.Tar;

namespace Can.Engine.Images.Importing;

/// <summary>How an archive is compressed.</summary>
internal enum Compression
{
    None,
    Gzip,
    Zstd,
    Xz,
}

/// <summary>Finds out by the first bytes how something is compressed, whatever its name or media type says.</summary>
internal static class Compressed
{
    /// <summary>Bytes that <see cref="Recognize"/> and <see cref="IsTar"/> want to see.</summary>
    public const int Look = TarHeader.BlockSize;

    /// <summary>How what begins so is compressed.</summary>
    public static Compression Recognize(ReadOnlySpan<byte> start) => start switch
    {
        [0x1F, 0x8B, ..] => Compression.Gzip,

        // A skippable frame (0x184D2A50 to 5F) may come first; pzstd and some registries write one.
        [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] => Compression.Zstd,
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => Compression.Xz,
        _ => Compression.None,
    };

    /// <summary>Whether it may begin an uncompressed archive; one without entries begins with zeros, or not at all.</summary>
    public static bool IsTar(ReadOnlySpan<byte> start) => !start.ContainsAnyExcept((byte)0) || TarHeader.HasValidChecksum(start);

    /// <summary>What is wrong with something that is neither compressed in a known way nor an archive.</summary>
    public static string Describe(ReadOnlySpan<byte> start) => start switch
    {
        [] => "is empty",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => "is compressed by bzip2, which is not supported (bzip2 -d unpacks it)",
        _ => "is neither a tar archive nor compressed by gzip, zstd or xz",
    };

    /// <summary>The uncompressed bytes. The source stays the caller's.</summary>
    /// <exception cref="CanException"><c>LibraryMissing</c></exception>
    public static Stream Open(Stream source, Compression compression) => compression switch
    {
        Compression.Gzip => GzipInput.Open(source),
        Compression.Zstd => new ZstdStream(source),
        Compression.Xz => new XzStream(source),
        _ => source,
    };

    /// <summary>The media type of a layer; the specification has none for xz.</summary>
    public static string LayerType(Compression compression) => compression switch
    {
        Compression.Gzip => MediaTypes.OciLayerGzip,
        Compression.Zstd => MediaTypes.OciLayerZstd,
        _ => MediaTypes.OciLayer,
    };
}
